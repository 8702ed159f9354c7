import { headFixture } from "./fixtures-head.ts";
import type { Dimension, LifecycleStage, PdfLocale, PilotPlanData, PlanRisk, PlanSectionKey } from "./types.ts";

const DIMENSIONS: readonly Dimension[] = ["supervision", "identity", "network", "privacy"];
const STAGES: readonly LifecycleStage[] = ["design", "acceptance", "operation"];
const KEYS: readonly PlanSectionKey[] = [
  "organisation",
  "system",
  "findings",
  "goals",
  "construction",
  "mechanism",
  "technology",
  "schedule",
  "budget",
  "partners",
  "results",
  "risks",
  "commitment",
];

function planRisks(zh: boolean, count: number): PlanRisk[] {
  const names = zh
    ? [
        "网关证书无吊销机制，可被长期仿冒",
        "终端固件升级包未验签",
        "个人信息明文存储于第三方云",
        "核心网关单一来源，无替换预案",
        "生产网与办公网互通",
      ]
    : [
        "Gateway certificates cannot be revoked",
        "Firmware images are not verified",
        "Personal data stored in clear at a third party",
        "Core gateway from a single source, no replacement plan",
        "Production and office networks not separated",
      ];
  const works = zh
    ? [
        "建设设备身份管理系统，签发并吊销设备证书",
        "升级包签名、验签与灰度发布",
        "敏感字段加密与密钥托管",
        "引入第二供应商网关并完成互换演练",
      ]
    : [
        "Build a device identity service that issues and revokes certificates",
        "Sign, verify and stage firmware updates",
        "Encrypt sensitive fields, keep keys in escrow",
        "Bring in a second gateway vendor and rehearse the exchange",
      ];
  return Array.from({ length: count }, (_, i) => ({
    code: `R-${String(i + 1).padStart(3, "0")}`,
    name: names[i % names.length] ?? "",
    level: i % 3 === 0 ? 5 : 4,
    measures: works.slice(0, 2 + (i % 3)).map((name, k) => ({
      code: `M-${String(i * 4 + k + 1).padStart(3, "0")}`,
      name,
      dimension: DIMENSIONS[(i + k) % 4] ?? "identity",
      stage: STAGES[(i + k) % 3] ?? "design",
      owner: zh ? "信息中心" : "Information centre",
      start: `2026-${String(3 + ((i + k) % 6)).padStart(2, "0")}-01`,
      end: `2027-${String(1 + ((i + k) % 9)).padStart(2, "0")}-28`,
      budget: 38.5 + 12.25 * ((i * 3 + k) % 7),
    })),
  }));
}

function planText(zh: boolean): PilotPlanData["sections"] {
  const texts = zh
    ? [
        "本项目由市水务集团牵头，联合设备供应商与检测机构共3家单位实施，覆盖2个水厂、14座泵站和约21万只智能水表；联合体成员分工明确，签有合作协议。",
        "系统于2024年建成，等级保护定级为三级，最近一次测评于2026年4月完成，综合得分82.5分，高风险问题2项均已制定整改计划。",
      ]
    : [
        "The project is led by the municipal water company together with a vendor and a testing institution. It covers two plants, fourteen pumping stations and about 210,000 smart meters; the partners have signed an agreement on their parts.",
        "The system has run since 2024 and is graded level three. The latest evaluation, in April 2026, scored 82.5; both high findings have a remediation plan.",
      ];
  return KEYS.map((key) => ({
    key,
    paragraphs: key === "commitment" ? texts.slice(0, 1) : texts,
    ...(key === "mechanism"
      ? {
          items: zh
            ? [
                "可发现：资产与漏洞每日比对，异常接入5分钟内告警。",
                "可防御：双向认证、最小化授权、分区隔离三道防线。",
                "可替换：核心网关与平台接口标准化，年度互换演练。",
              ]
            : [
                "Discover: assets and vulnerabilities compared daily, alarms within five minutes.",
                "Defend: mutual authentication, least privilege, separated zones.",
                "Replace: standard interfaces between gateway and platform, rehearsed every year.",
              ],
        }
      : {}),
  }));
}

function planAims(zh: boolean): Pick<PilotPlanData, "goals" | "indicators" | "sites"> {
  return {
    goals: zh
      ? [
          "建立覆盖设计、验收、运营全过程的安全管理制度。",
          "高风险项整改率达到100%，残余风险均不高于“中”。",
          "形成可复制的管理规范条款不少于12条。",
        ]
      : [
          "Security management through design, acceptance and operation.",
          "All high risks remediated, none left above “medium”.",
          "At least twelve clauses that others can adopt.",
        ],
    indicators: [
      {
        name: zh ? "设备双向认证率" : "Mutual authentication",
        unit: "%",
        baseline: 12,
        target: 98,
        method: zh ? "平台接入日志抽样" : "Samples of access logs",
      },
      {
        name: zh ? "补丁按期升级率" : "Patched in time",
        unit: "%",
        baseline: 41.3,
        target: 95,
        method: zh ? "升级服务统计" : "Update service statistics",
      },
      {
        name: zh ? "平均发现时间" : "Time to detect",
        unit: zh ? "小时" : "h",
        baseline: 72,
        target: 4,
        method: zh ? "告警与工单比对" : "Alarms against tickets",
      },
      {
        name: zh ? "单一来源设备占比" : "Single source",
        unit: "%",
        baseline: 64,
        target: 30,
        method: zh ? "资产台账" : "Asset register",
      },
    ],
    sites: Array.from({ length: 6 }, (_, i) => ({
      name: zh ? `第${"一二三四五六"[i] ?? ""}水厂运营公司` : `Water plant no. ${i + 1} operator`,
      system: zh ? "供水调度与远程抄表系统" : "Dispatch and metering system",
      grade: zh ? "三级" : "Level 3",
      batch: i < 3 ? (1 as const) : (2 as const),
      reason: zh ? "设备类型齐全，代表性强，具备改造条件" : "Full range of equipment, representative, ready for change",
    })),
  };
}

function planWork(zh: boolean): Pick<PilotPlanData, "tasks" | "budget"> {
  return {
    tasks: [
      { name: zh ? "方案设计与评审" : "Design and review", start: "2026-03-01", end: "2026-05-31" },
      { name: zh ? "第一批遴选" : "Selection, batch one", batch: 1, start: "2026-05-15", end: "2026-07-15" },
      { name: zh ? "第一批建设与验收" : "Build and acceptance, one", batch: 1, start: "2026-07-01", end: "2027-02-28" },
      {
        name: zh ? "第一批中期评估" : "Mid-term check, one",
        batch: 1,
        start: "2026-11-30",
        end: "2026-11-30",
        milestone: true,
      },
      { name: zh ? "经验采纳（学习关口）" : "Lessons adopted", start: "2027-03-01", end: "2027-04-15" },
      { name: zh ? "第二批建设与验收" : "Build and acceptance, two", batch: 2, start: "2027-04-01", end: "2027-11-30" },
      {
        name: zh ? "管理规范草案报送" : "Specification draft",
        start: "2027-12-20",
        end: "2027-12-20",
        milestone: true,
      },
    ],
    budget: [
      { item: zh ? "终端与网关改造" : "Terminals and gateways", total: 860, security: 210.5 },
      { item: zh ? "平台与应用建设" : "Platform and applications", total: 640, security: 96 },
      { item: zh ? "安全设备与服务" : "Security equipment and services", total: 182.4, security: 182.4 },
      { item: zh ? "检测评估与培训" : "Testing, assessment, training", total: 75.2, security: 61.8 },
      { item: zh ? "预备费" : "Contingency", total: 64, security: 0 },
    ],
  };
}

/** A pilot plan with `risks` high risks. */
export function planFixture(locale: PdfLocale, risks = 9): PilotPlanData {
  const zh = locale === "zh-CN";
  return {
    head: headFixture(locale, "plan"),
    reportNumber: "ANSHI-RA-2026-0017",
    sections: planText(zh),
    risks: planRisks(zh, risks),
    ...planAims(zh),
    ...planWork(zh),
    securityThreshold: 0.35,
    shortfallReason: zh
      ? "终端改造以更换为主，设备自带的安全能力未单列计价；按检测机构核算口径折算后占比为36.2%。"
      : "Terminals are replaced rather than retrofitted, and the security built into them is not priced apart; by the testing institution’s method the share is 36.2%.",
    approvals: [
      {
        role: zh ? "申报单位" : "Applicant",
        unit: zh ? "市水务集团有限公司" : "Municipal water company",
        name: zh ? "王芳" : "Wang Fang",
        date: "2026-11-20",
      },
      {
        role: zh ? "行业主管部门" : "Sector regulator",
        unit: zh ? "城市公用设施行业主管部门" : "Regulator for urban utilities",
        opinion: zh ? "同意报送国家办公室批准。" : "May be submitted to the national office.",
      },
      { role: zh ? "国家办公室" : "National office", unit: zh ? "专项行动办公室" : "Programme office" },
    ],
  };
}
