/** What a command shows a person: lines, and while something takes long the seconds, every ten of them, on a line that grows. */
const everyMs = 10_000;
/** Whether the last line waits for more. */
let open = false;

/** One line, as it is. @param {string} text */
export function line(text) {
  process.stdout.write(`${open ? "\n" : ""}${text}\n`);
  open = false;
}

/** Prints what is being done. @param {string} text */
export function say(text) {
  line(`· ${text}`);
}

/** Prints what is being done, and how long it has taken so far until `end()`. @param {string} text @returns {{ end(): void }} */
export function saying(text) {
  process.stdout.write(`${open ? "\n" : ""}· ${text}`);
  open = true;
  const begun = Date.now();
  const timer = setInterval(() => {
    process.stdout.write(`${open ? "" : " "} … ${Math.round((Date.now() - begun) / 1000)} s`);
    open = true;
  }, everyMs);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      if (open) process.stdout.write("\n");
      open = false;
    },
  };
}

/** Ends with one line. @param {string} text @returns {never} */
export function fail(text) {
  if (open) process.stdout.write("\n");
  open = false;
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}
