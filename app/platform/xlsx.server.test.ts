import { readXlsx, writeXlsx, type WriteOptions } from "hucre/xlsx";
import { expect, it } from "vitest";
import { xlsxBytes } from "./xlsx.server.ts";

const sheet = (n: number): WriteOptions => ({
  sheets: [
    {
      name: `第 ${n} 张`,
      columns: [{ width: 20 }, { width: 12, style: { numFmt: "yyyy-mm-dd" } }],
      rows: [
        ["名称", "日期"],
        [`=1+${n}`, new Date("2014-08-10T00:00:00Z")],
        ["空", null],
      ],
      cells: new Map([["0,0", { style: { font: { bold: true } } }]]),
      freezePane: { rows: 1 },
    },
  ],
});
const read = async (bytes: Uint8Array) => (await readXlsx(bytes)).sheets.map(({ name, rows }) => ({ name, rows }));

it("writes in its thread what the library writes here, several at once, each to whoever asked for it", async () => {
  const made = await Promise.all([1, 2, 3, 4].map((n) => xlsxBytes(sheet(n))));
  for (const [n, bytes] of made.entries()) expect(await read(bytes)).toEqual(await read(await writeXlsx(sheet(n + 1))));
});

it("hands an error back to whoever asked, and writes the next one", async () => {
  const unfit = { sheets: null } as unknown as WriteOptions;
  await expect(writeXlsx(unfit)).rejects.toThrow();
  await expect(xlsxBytes(unfit)).rejects.toBeInstanceOf(Error);
  await expect(xlsxBytes({ sheets: [{ name: "x", rows: [[(() => 1) as unknown as string]] }] })).rejects.toThrow(
    /could not be cloned/,
  );
  expect((await read(await xlsxBytes(sheet(7))))[0]?.name).toBe("第 7 张");
});
