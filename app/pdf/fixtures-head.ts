import type { PdfHead, PdfLocale } from "./types.ts";

/** Head of a document with a digest of plausible form. */
export function headFixture(locale: PdfLocale, kind: "report" | "plan"): PdfHead {
  const zh = locale === "zh-CN";
  const titles = {
    report: zh ? "城市供水物联网安全试点风险评估报告" : "Risk assessment of the urban water supply pilot",
    plan: zh ? "城市供水物联网安全试点实施方案" : "Implementation plan of the urban water supply pilot",
  };
  return {
    title: titles[kind],
    sector: zh ? "城市公用设施（供水）" : "Urban utilities: water supply",
    project: zh ? "城市供水物联网安全试点项目" : "Urban water supply security pilot",
    number: kind === "report" ? "ANSHI-RA-2026-0017" : "ANSHI-PP-2026-0017",
    date: zh ? "2026年11月22日" : "22 November 2026",
    body: zh ? "城市公用设施行业主管部门" : "Regulator for urban utilities",
    createdAt: "2026-11-22T02:00:00.000Z",
    seal: {
      sha256: "3f1c0a9e5b7d2468ace013579bdf02468ace13579bdf02468ace13579bdf0246",
      verifyUrl: "https://anshi.example/verify/3f1c0a9e",
    },
  };
}
