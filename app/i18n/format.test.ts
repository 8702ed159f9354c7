import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDate,
  formatDateTime,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRange,
} from "./format.ts";

describe("numbers", () => {
  it("groups, fixes decimals and writes a true minus", () => {
    expect(formatNumber(1234567.891, "zh-CN")).toBe("1,234,567.89");
    expect(formatNumber(-3.5, "en", 2)).toBe("−3.50");
    expect(formatNumber(-0.001, "zh-CN", 1)).toBe("0.0");
    expect(formatNumber(Number.NaN, "zh-CN")).toBe("—");
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
});

describe("days", () => {
  it("gives the day of the programme's zone", () => {
    expect(formatDate(new Date("2026-11-21T16:30:00Z"))).toBe("2026-11-22");
    expect(formatDate("2026-11-22")).toBe("2026-11-22");
    expect(formatDate("no day")).toBe("—");
    expect(formatDateTime("2026-11-21T16:30:00Z")).toBe("2026-11-22 00:30");
    expect(formatDateTime("2026-11-21T16:30:00Z", "UTC")).toBe("2026-11-21 16:30 UTC");
  });
});
