/** A bar on a terminal, or a line at every tenth on anything else. */
export function progressBar(stream: NodeJS.WriteStream, width = 32) {
  let tenth = -1;
  let drawn = 0;
  return {
    /** @param share 0–1 @param note what is being done */
    show(share: number, note: string): void {
      const part = Math.min(1, Math.max(0, share));
      if (!stream.isTTY) {
        const now = Math.floor(part * 10);
        if (now > tenth) stream.write(`${String(now * 10).padStart(3)} %  ${note}\n`);
        tenth = Math.max(tenth, now);
        return;
      }
      if (Date.now() - drawn < 60 && part < 1) return;
      drawn = Date.now();
      const full = Math.round(part * width);
      stream.write(
        `\r[${"█".repeat(full)}${"·".repeat(width - full)}] ${String(Math.floor(part * 100)).padStart(3)} %  ${note.padEnd(24)}`,
      );
    },
    end(): void {
      stream.write(stream.isTTY ? `\r[${"█".repeat(width)}] 100 %${" ".repeat(28)}\n` : "");
    },
  };
}
