import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  daysBetween,
  formatBytes,
  formatChange,
  formatDate,
  formatDateTime,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRange,
  parseMoney,
  relativeDays,
} from "./format.ts";

describe("numbers", () => {
  it("groups, fixes decimals and writes a true minus", () => {
    expect(formatNumber(1234567.891, "zh-CN")).toBe("1,234,567.89");
    expect(formatNumber(-3.5, "en", 2)).toBe("−3.50");
    expect(formatNumber(-0.001, "zh-CN", 1)).toBe("0.0");
    expect(formatNumber(Number.NaN, "zh-CN")).toBe("—");
    expect(formatChange(4.2, "zh-CN", 1)).toBe("+4.2");
    expect(formatChange(0.01, "zh-CN", 1)).toBe("0.0");
    expect(formatPercent(0.125, "en")).toBe("12.5%");
    expect(formatRange(2.9, 5.6, "zh-CN")).toBe("2.9–5.6");
    expect(formatBytes(1536, "en")).toBe("1.5 kB");
  });
});

describe("amounts in 万元", () => {
  it("shows whole hundredths exactly", () => {
    expect(formatMoney(123456n, "zh-CN")).toBe("1,234.56");
    expect(formatMoney(-5, "en")).toBe("−0.05");
    expect(formatMoney(0n, "zh-CN")).toBe("0.00");
  });
  it("reads back whatever it wrote", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), (n) => parseMoney(formatMoney(n, "zh-CN")) === n),
    );
  });
  it("takes full-width digits and refuses a third decimal", () => {
    expect(parseMoney("１，２３４．５")).toBe(123450n);
    expect(parseMoney("1.234")).toBeNull();
    expect(parseMoney("十")).toBeNull();
  });
});

describe("days", () => {
  it("gives the day of the programme's zone", () => {
    expect(formatDate(new Date("2026-11-21T16:30:00Z"))).toBe("2026-11-22");
    expect(formatDate("2026-11-22")).toBe("2026-11-22");
    expect(formatDate("no day")).toBe("—");
    expect(formatDateTime("2026-11-21T16:30:00Z")).toBe("2026-11-22 00:30");
    expect(formatDateTime("2026-11-21T16:30:00Z", "UTC")).toBe("2026-11-21 16:30 UTC");
  });
  it("counts calendar days, not hours", () => {
    expect(daysBetween("2026-11-21T15:59:00Z", "2026-11-21T16:01:00Z")).toBe(1);
    expect(relativeDays("2026-11-25", "2026-11-22", "zh-CN")).toBe("3天后");
    expect(relativeDays("2026-11-21", "2026-11-22", "en")).toBe("yesterday");
  });
});
