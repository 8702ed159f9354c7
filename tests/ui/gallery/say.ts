import type { Locale } from "#app/i18n/locale.ts";
import type { RiskStep } from "#app/ui/marks.tsx";
import type { ShellData } from "#app/ui/shell/types.ts";

export const text = (locale: Locale) => (zh: string, en: string) => (locale === "en" ? en : zh);
export type Say = ReturnType<typeof text>;

export const shellData = (t: Say): ShellData => ({
  person: { name: t("王建国", "Wang Jianguo"), email: "lead@city.example" },
  membership: { id: "1", tenant: t("智慧城市", "Smart city"), role: t("监管负责人", "Regulator lead") },
  memberships: [
    { id: "1", tenant: t("智慧城市", "Smart city"), role: t("监管负责人", "Regulator lead") },
    {
      id: "2",
      tenant: t("医疗卫生", "Health care"),
      role: t("试点单位填报员", "Site officer"),
      site: t("第三人民医院", "Third People's Hospital"),
    },
  ],
  visits: [],
  places: [
    { key: "home", to: "/", label: t("首页", "Home"), icon: "home", exact: true },
    { key: "project", to: "/projects/1", label: t("试点项目", "Project"), icon: "project", count: 3 },
    { key: "survey", to: "/survey", label: t("信息安全调研", "Survey"), icon: "survey", count: 12 },
    { key: "risk", to: "/risk", label: t("风险清单", "Risks"), icon: "risk" },
    { key: "pilots", to: "/pilots", label: t("试点", "Pilots"), icon: "pilot", count: 1204 },
    { key: "compare", to: "/compare", label: t("对比", "Compare"), icon: "compare" },
    { key: "specs", to: "/specifications", label: t("管理规范", "Specifications"), icon: "specification" },
  ],
  counts: { tasks: 7, notices: 3 },
});

export interface Pilot {
  id: string;
  name: string;
  stage: string;
  risk: RiskStep;
  days: number;
  spark: (number | null)[];
  budget: number;
}
export const pilots = (t: Say): Pilot[] => [
  {
    id: "a",
    name: t("城市供水管网远程监测系统", "Water network telemetry"),
    stage: t("运营服务", "Operation"),
    risk: 4,
    days: -3,
    spark: [18, 17, 17, 14, 12],
    budget: 123456,
  },
  {
    id: "b",
    name: t("地铁环境与设备监控系统", "Metro environment control"),
    stage: t("竣工验收", "Acceptance"),
    risk: 3,
    days: 0,
    spark: [12, 13, null, 9, 9],
    budget: 986500,
  },
  {
    id: "c",
    name: t("智能路灯集中控制平台", "Street-lamp control platform"),
    stage: t("设计研发", "Design"),
    risk: 5,
    days: 4,
    spark: [20, 22, 21],
    budget: 45000,
  },
  {
    id: "d",
    name: t("燃气泄漏在线监测", "Gas leak monitoring"),
    stage: t("设计研发", "Design"),
    risk: 2,
    days: 31,
    spark: [8, 7, 6, 6],
    budget: 8800,
  },
  {
    id: "e",
    name: t("停车诱导系统", "Parking guidance"),
    stage: t("已选定", "Selected"),
    risk: 1,
    days: 90,
    spark: [],
    budget: 120,
  },
];
