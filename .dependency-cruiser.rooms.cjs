/**
 * No circle of rooms: files that form none may still tie folders into one, and whoever reads one room would have to read them all.
 * A cruise of its own, since a rule for folders takes every file in them: tests and the program's own top know everybody.
 */
const { options } = require("./.dependency-cruiser.cjs");

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circles-of-rooms",
      severity: "error",
      scope: "folder",
      from: { path: "^app/(features/[^/]+|[^/]+)$" },
      to: { circular: true },
    },
  ],
  options: {
    ...options,
    exclude: { path: [...options.exclude.path, "\\.test\\.tsx?$", "^tests/", "^app/[^/]+\\.tsx?$", "^app/cli/"] },
  },
};
