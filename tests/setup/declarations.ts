import "#app/declarations.server.ts";
