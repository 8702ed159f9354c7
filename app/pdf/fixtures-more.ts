import { headFixture } from "./fixtures.ts";
import type { Clause, Dimension, LifecycleStage, PdfLocale, PilotPlanData, PlanRisk, PlanSectionKey, SpecificationData } from "./types.ts";

const DIMENSIONS: readonly Dimension[] = ["supervision", "identity", "network", "privacy"];
const STAGES: readonly LifecycleStage[] = ["design", "acceptance", "operation"];
const KEYS: readonly PlanSectionKey[] = ["organisation", "system", "findings", "goals", "construction", "mechanism", "technology", "schedule", "budget", "partners", "results", "risks", "commitment"];

function planRisks(zh: boolean, count: number): PlanRisk[] {
  const names = zh
    ? ["网关证书无吊销机制，可被长期仿冒", "终端固件升级包未验签", "个人信息明文存储于第三方云", "核心网关单一来源，无替换预案", "生产网与办公网互通"]
    : ["Gateway certificates cannot be revoked", "Firmware images are not verified", "Personal data stored in clear at a third party", "Core gateway from a single source, no replacement plan", "Production and office networks not separated"];
  const works = zh
    ? ["建设设备身份管理系统，签发并吊销设备证书", "升级包签名、验签与灰度发布", "敏感字段加密与密钥托管", "引入第二供应商网关并完成互换演练"]
    : ["Build a device identity service that issues and revokes certificates", "Sign, verify and stage firmware updates", "Encrypt sensitive fields, keep keys in escrow", "Bring in a second gateway vendor and rehearse the exchange"];
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
    ? ["本项目由市水务集团牵头，联合设备供应商与检测机构共3家单位实施，覆盖2个水厂、14座泵站和约21万只智能水表；联合体成员分工明确，签有合作协议。", "系统于2024年建成，等级保护定级为三级，最近一次测评于2026年4月完成，综合得分82.5分，高风险问题2项均已制定整改计划。"]
    : ["The project is led by the municipal water company together with a vendor and a testing institution. It covers two plants, fourteen pumping stations and about 210,000 smart meters; the partners have signed an agreement on their parts.", "The system has run since 2024 and is graded level three. The latest evaluation, in April 2026, scored 82.5; both high findings have a remediation plan."];
  return KEYS.map((key) => ({
    key,
    paragraphs: key === "commitment" ? texts.slice(0, 1) : texts,
    ...(key === "mechanism" ? { items: zh ? ["可发现：资产与漏洞每日比对，异常接入5分钟内告警。", "可防御：双向认证、最小化授权、分区隔离三道防线。", "可替换：核心网关与平台接口标准化，年度互换演练。"] : ["Discover: assets and vulnerabilities compared daily, alarms within five minutes.", "Defend: mutual authentication, least privilege, separated zones.", "Replace: standard interfaces between gateway and platform, rehearsed every year."] } : {}),
  }));
}

function planRest(zh: boolean): Pick<PilotPlanData, "goals" | "indicators" | "sites" | "tasks" | "budget"> {
  return {
    goals: zh ? ["建立覆盖设计、验收、运营全过程的安全管理制度。", "高风险项整改率达到100%，残余风险均不高于“中”。", "形成可复制的管理规范条款不少于12条。"] : ["Security management through design, acceptance and operation.", "All high risks remediated, none left above “medium”.", "At least twelve clauses that others can adopt."],
    indicators: [
      { name: zh ? "设备双向认证率" : "Mutual authentication", unit: "%", baseline: 12, target: 98, method: zh ? "平台接入日志抽样" : "Samples of access logs" },
      { name: zh ? "补丁按期升级率" : "Patched in time", unit: "%", baseline: 41.3, target: 95, method: zh ? "升级服务统计" : "Update service statistics" },
      { name: zh ? "平均发现时间" : "Time to detect", unit: zh ? "小时" : "h", baseline: 72, target: 4, method: zh ? "告警与工单比对" : "Alarms against tickets" },
      { name: zh ? "单一来源设备占比" : "Single source", unit: "%", baseline: 64, target: 30, method: zh ? "资产台账" : "Asset register" },
    ],
    sites: Array.from({ length: 6 }, (_, i) => ({ name: zh ? `第${"一二三四五六"[i] ?? ""}水厂运营公司` : `Water plant no. ${i + 1} operator`, system: zh ? "供水调度与远程抄表系统" : "Dispatch and metering system", grade: zh ? "三级" : "Level 3", batch: i < 3 ? (1 as const) : (2 as const), reason: zh ? "设备类型齐全，代表性强，具备改造条件" : "Full range of equipment, representative, ready for change" })),
    tasks: [
      { name: zh ? "方案设计与评审" : "Design and review", start: "2026-03-01", end: "2026-05-31" },
      { name: zh ? "第一批遴选" : "Selection, batch one", batch: 1, start: "2026-05-15", end: "2026-07-15" },
      { name: zh ? "第一批建设与验收" : "Build and acceptance, one", batch: 1, start: "2026-07-01", end: "2027-02-28" },
      { name: zh ? "第一批中期评估" : "Mid-term check, one", batch: 1, start: "2026-11-30", end: "2026-11-30", milestone: true },
      { name: zh ? "经验采纳（学习关口）" : "Lessons adopted", start: "2027-03-01", end: "2027-04-15" },
      { name: zh ? "第二批建设与验收" : "Build and acceptance, two", batch: 2, start: "2027-04-01", end: "2027-11-30" },
      { name: zh ? "管理规范草案报送" : "Specification draft", start: "2027-12-20", end: "2027-12-20", milestone: true },
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
    ...planRest(zh),
    securityThreshold: 0.35,
    shortfallReason: zh ? "终端改造以更换为主，设备自带的安全能力未单列计价；按检测机构核算口径折算后占比为36.2%。" : "Terminals are replaced rather than retrofitted, and the security built into them is not priced apart; by the testing institution’s method the share is 36.2%.",
    approvals: [
      { role: zh ? "申报单位" : "Applicant", unit: zh ? "市水务集团有限公司" : "Municipal water company", name: zh ? "王芳" : "Wang Fang", date: "2026-11-20" },
      { role: zh ? "行业主管部门" : "Sector regulator", unit: zh ? "城市公用设施行业主管部门" : "Regulator for urban utilities", opinion: zh ? "同意报送国家主管部门批准。" : "May be submitted to the national office." },
      { role: zh ? "国家主管部门" : "National office", unit: zh ? "专项行动办公室" : "Programme office" },
    ],
  };
}

function clause(no: string, text: string, rest: Partial<Clause> = {}): Clause {
  return { no, text, ...rest };
}

function chapterClauses(no: number, zh: boolean): Clause[] {
  const tags = zh
    ? { dimensions: ["可信身份认证和安全控制"], objects: ["核心设备"], lifecycle: ["设计研发", "竣工验收"], mechanisms: ["可防御"] }
    : { dimensions: ["identity"], objects: ["equipment"], lifecycle: ["design", "acceptance"], mechanisms: ["defend"] };
  const heads = zh ? ["一般要求", "身份与接入", "数据与隐私"] : ["General", "Identity and access", "Data and privacy"];
  return heads.map((title, i) => ({
    no: `${no}.${i + 1}`,
    title,
    clauses: [
      clause(`${no}.${i + 1}.1`, zh ? "接入平台的设备应具有唯一标识，并应采用数字证书实现设备与平台之间的双向身份认证；证书有效期不应超过3年，且应支持在线吊销。" : "Devices that connect to the platform shall carry a unique identity, and device and platform shall authenticate each other with certificates; a certificate shall not be valid for more than three years and shall be revocable online.", { tags, provenance: [`C.${no - 3}`] }),
      clause(`${no}.${i + 1}.2`, zh ? "运营单位宜按季度开展下列检查：" : "The operator should check every quarter:", { items: zh ? ["设备台账与实际接入设备是否一致；", "固件版本及已公开漏洞的处置情况；", "账号权限是否符合最小化原则，离岗人员账号是否已停用。"] : ["whether the register matches the devices connected;", "firmware versions and published vulnerabilities;", "whether rights follow least privilege and the accounts of those who left are closed."] }),
      clause(`${no}.${i + 1}.3`, zh ? "受环境限制无法双向认证的存量设备，可采用接入网关代理认证的方式，但不应承载控制类业务。" : "Existing devices that cannot authenticate mutually may do so through a gateway, but shall not carry control traffic.", { note: zh ? "存量设备指本文件实施之日前已投入运行的设备。" : "existing devices are those in operation before this document took effect." }),
    ],
  }));
}

/** A specification with all elements. */
export function specificationFixture(locale: PdfLocale): SpecificationData {
  const zh = locale === "zh-CN";
  const chapters = zh ? ["缩略语", "总体要求", "设计研发阶段", "竣工验收阶段", "运营阶段", "监测预警与应急", "变更、替换与退役", "监督检查与改进"] : ["Abbreviated terms", "General requirements", "Design", "Acceptance", "Operation", "Monitoring, warning and response", "Change, replacement and retirement", "Inspection and improvement"];
  return {
    title: zh ? "物联网安全管理规范　城市供水" : "Internet of Things security management — Urban water supply",
    englishTitle: "Internet of Things security management — Urban water supply",
    ics: "ICS 35.030",
    ccs: "CCS L 80",
    level: zh ? "专项行动管理规范" : "Programme specification",
    code: "ANSHI",
    number: "ANSHI/G 0003—2027",
    published: "2027-12-20",
    effective: "2028-03-01",
    issuer: zh ? "专项行动办公室" : "Programme office",
    status: zh ? "征求意见稿" : "Draft for consultation",
    createdAt: "2027-12-20T02:00:00.000Z",
    seal: { sha256: "a1".repeat(32) },
    foreword: zh ? ["本文件按照GB/T 1.1—2020《标准化工作导则 第1部分：标准化文件的结构和起草规则》的规定起草。", "请注意本文件的某些内容可能涉及专利。本文件的发布机构不承担识别专利的责任。", "本文件由专项行动办公室提出并归口。"] : ["This document was drafted under the rules of GB/T 1.1-2020.", "Some elements of this document may be subject to patent rights; the issuer is not responsible for identifying them."],
    introduction: zh ? ["物联网在城市供水领域的应用日益深入。为总结两批试点的经验，形成可复制、可推广的管理要求，制定本文件。"] : ["The Internet of Things is used ever more widely in urban water supply. This document gathers what two batches of pilots have taught."],
    scope: zh ? ["本文件规定了城市供水领域物联网系统在设计研发、竣工验收、运营各阶段的安全管理要求。", "本文件适用于供水企业、设备供应商、运营服务单位和检测机构。"] : ["This document specifies requirements for managing the security of Internet of Things systems in urban water supply through design, acceptance and operation.", "It applies to water companies, vendors, service operators and testing institutions."],
    references: ["GB/T 20984-2022", "GB/T 22239-2019", "GB/T 35273-2020"],
    terms: [
      { no: "3.1", term: zh ? "可替换性" : "replaceability", english: "replaceability", definition: zh ? "设备或服务在不影响业务连续性的前提下，能够由其他来源的同类产品代替的程度。" : "degree to which equipment or a service can be exchanged for a like product of another source without interrupting the business" },
      { no: "3.2", term: zh ? "接入网关" : "access gateway", english: "access gateway", definition: zh ? "汇聚现场设备数据并代理其与平台通信的设备。" : "device that gathers data of field devices and speaks to the platform on their behalf", source: "GB/T 37024-2018, 3.4" },
    ],
    chapters: chapters.map((title, i) => ({ no: String(i + 4), title, clauses: chapterClauses(i + 4, zh) })),
    annexes: [
      { letter: "A", title: zh ? "控制项表" : "Table of controls", normative: true, clauses: [clause("A.1", zh ? "控制项见表A.1。" : "The controls are those of Table A.1.")], tables: [{ caption: zh ? "控制项" : "Controls", columns: [{ head: zh ? "编号" : "No.", share: 12 }, { head: zh ? "控制项" : "Control", share: 58 }, { head: zh ? "条款" : "Clause", share: 14, align: "center" }, { head: zh ? "权重" : "Weight", share: 14, align: "right" }], rows: Array.from({ length: 34 }, (_, i) => [`ID-${String(i + 1).padStart(2, "0")}`, zh ? "设备与平台之间采用双向身份认证，证书可吊销" : "Device and platform authenticate each other; certificates can be revoked", `${4 + (i % 8)}.2.1`, String(1 + (i % 5))]) }] },
      { letter: "B", title: zh ? "风险评估表样" : "Form of the risk assessment", normative: false, clauses: [clause("B.1", zh ? "风险评估可采用风险登记册的格式。" : "The register’s form can be used for the assessment.")] },
    ],
    provenance: { letter: "C", title: zh ? "试点数据依据" : "Pilot data behind the clauses", rows: Array.from({ length: 8 }, (_, i) => ({ no: `C.${i + 1}`, clause: `${i + 4}.1.1`, finding: zh ? "9个试点中有6个存在证书不可吊销的问题" : "6 of 9 pilots could not revoke certificates", pilots: "P-003, P-007, P-011", batch: zh ? "第一批" : "One", effect: zh ? "身份维度风险平均下降4.2（95%区间2.9～5.6，n=6）" : "Identity risk fell by 4.2 on average (95% interval 2.9–5.6, n=6)", strength: i % 2 === 0 ? (zh ? "强" : "Strong") : zh ? "中" : "Medium", ...(i === 2 ? { dissent: zh ? "个别供应商认为3年有效期过短" : "Some vendors hold three years too short" } : {}) })) },
    bibliography: ["GB/T 1.1-2020", "ISO/IEC 27400:2022", "ETSI EN 303 645 V2.1.1"],
  };
}
