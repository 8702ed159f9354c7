import { headFixture } from "./fixtures-head.ts";
import { planFixture } from "./fixtures-plan.ts";
import { specificationFixture } from "./fixtures-specification.ts";
import type {
  AssetRow,
  Level,
  MeasureRow,
  PdfLocale,
  ReportChapter,
  ReportChapterKey,
  RiskReportData,
  RiskRow,
  ThreatRow,
  VulnerabilityRow,
} from "./types.ts";

export { planFixture, specificationFixture };

/** Small multiplicative generator (Park–Miller): the same seed gives the same report. */
function generator(seed: number): (below: number) => number {
  let state = seed % 2147483647;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

function pick<T>(from: readonly [T, ...T[]], next: (below: number) => number): T {
  return from[next(from.length)] ?? from[0];
}

const level = (next: (below: number) => number): Level => pick([1, 2, 2, 3, 3, 3, 4, 4, 5] as const, next);

/** Stands in for the method's tables: between the two, upwards. */
function middle(a: Level, b: Level): Level {
  const levels = [1, 2, 3, 4, 5] as const;
  return levels[Math.ceil((a + b) / 2) - 1] ?? 5;
}

interface Words {
  readonly assets: readonly [string, ...string[]];
  readonly kinds: readonly [string, ...string[]];
  readonly owners: readonly [string, ...string[]];
  readonly threats: readonly [string, ...string[]];
  readonly sources: readonly [string, ...string[]];
  readonly flaws: readonly [string, ...string[]];
  readonly measures: readonly [string, ...string[]];
  readonly sentences: readonly [string, ...string[]];
  readonly sections: readonly [string, ...string[]];
}

const ZH: Words = {
  assets: [
    "数据汇聚网关 A1",
    "智能水表终端（NB-IoT）",
    "调度指挥平台",
    "边缘计算节点 EC-200",
    "视频监控汇聚服务器",
    "远程升级（OTA）服务",
    "设备身份管理系统",
    "运维堡垒机",
    "第三方云存储",
    "现场控制器 PLC-S7",
    "车载终端 T-Box",
    "环境监测传感器",
  ],
  kinds: ["系统组件", "数据资源", "通信网络", "运营服务", "核心设备"],
  owners: ["运行维护部", "信息中心", "安全管理处", "设备供应商", "城市运营公司"],
  threats: [
    "身份仿冒",
    "恶意代码植入",
    "中间人攻击",
    "拒绝服务",
    "固件篡改",
    "越权访问",
    "供应链投毒",
    "数据泄露",
    "误操作",
    "电力中断",
  ],
  sources: ["外部攻击者", "内部人员", "供应商", "环境因素", "第三方服务"],
  flaws: [
    "出厂默认口令未修改",
    "未启用双向身份认证",
    "固件升级包未验签",
    "调试接口（UART/JTAG）未封闭",
    "日志保存不足 6 个月",
    "通信链路仍使用 TLS 1.0",
    "个人信息明文存储",
    "单一来源设备，无替换预案",
    "网络分区缺失，生产网与办公网互通",
    "未建立漏洞处置流程",
    "账号共用，权限未按最小化分配",
    "备份未做恢复演练",
  ],
  measures: [
    "更换默认口令并启用强口令策略",
    "部署设备证书与双向认证",
    "升级包签名与验签",
    "封闭调试接口并加贴防拆标签",
    "集中日志留存 180 天以上",
    "启用 TLS 1.3 并停用弱算法",
    "个人信息加密存储与脱敏展示",
    "建立替换预案并每年演练一次",
    "生产网与办公网逻辑隔离",
    "建立漏洞接收、研判、处置闭环",
    "账号实名并按岗位授权",
    "每季度开展恢复演练",
  ],
  sentences: [
    "本次评估由行业主管部门组织，依据GB/T 20984-2022《信息安全技术 信息安全风险评估方法》和GB/T 22239-2019开展，覆盖系统解决方案、核心设备、运营服务三类对象。",
    "评估组采用问卷调查、人员访谈、配置核查、工具扫描与渗透验证相结合的方式；凡涉及生产系统的测试，均在停机检修窗口（2026年9月12日至9月15日）内进行，未对业务造成影响。",
    "经核查，被评估单位已建立“三员分立”的管理制度，但制度的执行记录不完整：抽查的36份变更单中，有9份缺少审批人签字（占25.0%），主要集中在夜间应急处置环节。",
    "数据汇聚网关与平台之间的通信采用MQTT over TLS，证书由厂商自建CA签发，有效期10年，未设置吊销机制；一旦私钥泄露，攻击者可长期仿冒网关接入平台并下发控制指令。",
    "对现场设备的抽样检测表明，终端固件版本分散（共有v1.2.0、v1.2.3、v1.3.1、v2.0.0四个版本并存），其中v1.2.x存在已公开漏洞，厂商已于2026年6月发布补丁，但升级率仅为41.3%。",
    "隐私保护方面，平台采集的用户手机号、住址、用水曲线等个人信息按业务需要保存3年；导出操作须经双人复核，但接口日志没有记录导出字段，难以事后追溯。",
    "评估结论认为：现有措施能够抵御一般强度的外部攻击，对有组织的定向攻击和供应链风险防御能力不足；建议按照“可发现、可防御、可替换”的要求分阶段整改，并在竣工验收阶段复测。",
  ],
  sections: ["基本情况", "组织管理", "工作过程与方法", "依据的技术标准及相关法规文件", "保障与限制条件"],
};

const EN: Words = {
  assets: [
    "Data gateway A1",
    "Smart water meter (NB-IoT)",
    "Dispatch platform",
    "Edge node EC-200",
    "Video aggregation server",
    "Over-the-air update service",
    "Device identity service",
    "Bastion host",
    "Third-party cloud storage",
    "Field controller PLC-S7",
    "Vehicle terminal T-Box",
    "Environmental sensor",
  ],
  kinds: ["Component", "Data", "Network", "Service", "Core equipment"],
  owners: ["Operations", "Information centre", "Security office", "Vendor", "City operator"],
  threats: [
    "Identity spoofing",
    "Malicious code",
    "Man in the middle",
    "Denial of service",
    "Firmware tampering",
    "Privilege abuse",
    "Supply chain compromise",
    "Data leakage",
    "Operator error",
    "Power failure",
  ],
  sources: ["External attacker", "Insider", "Supplier", "Environment", "Third party"],
  flaws: [
    "Default password never changed",
    "No mutual authentication",
    "Firmware images not verified",
    "Debug port (UART/JTAG) left open",
    "Logs kept for less than six months",
    "Links still on TLS 1.0",
    "Personal data stored in clear",
    "Single source, no replacement plan",
    "Production and office networks not separated",
    "No process for handling vulnerabilities",
    "Shared accounts, excessive rights",
    "Backups never restored in a drill",
  ],
  measures: [
    "Change default passwords and enforce strong ones",
    "Deploy device certificates and mutual authentication",
    "Sign and verify update images",
    "Close debug ports and seal the housings",
    "Keep central logs for 180 days or more",
    "Enable TLS 1.3 and retire weak ciphers",
    "Encrypt personal data and mask it on screen",
    "Prepare a replacement plan and rehearse it yearly",
    "Separate production from office networks",
    "Receive, assess and close vulnerabilities in one process",
    "Named accounts with rights by post",
    "Rehearse recovery every quarter",
  ],
  sentences: [
    "The assessment was organised by the sector’s regulator under GB/T 20984-2022 and GB/T 22239-2019 and covers the system solution, its core equipment and its operating services.",
    "Questionnaires, interviews, configuration checks, scanning and penetration tests were combined; tests that touched production ran in the maintenance window of 12–15 September 2026 and did not disturb service.",
    "The organisation separates the three administrative roles, but its records are incomplete: 9 of 36 change orders sampled (25.0%) lack an approver’s signature, most of them from incidents handled at night.",
    "Gateways speak MQTT over TLS with certificates issued by the vendor’s own authority, valid for ten years and without revocation; whoever obtains a private key can impersonate a gateway and send control commands for years.",
    "Sampling of field devices found four firmware versions side by side (v1.2.0, v1.2.3, v1.3.1, v2.0.0). Version 1.2.x has a published vulnerability; a patch appeared in June 2026, yet only 41.3% of devices run it.",
    "The platform keeps telephone numbers, addresses and consumption curves for three years. Exports need a second person’s approval, but the interface log does not record the fields exported, so tracing is hard afterwards.",
    "Existing measures withstand ordinary attacks from outside; against organised, targeted attacks and supply chain risk they fall short. Remediation should follow “discover, defend, replace” in stages and be retested at acceptance.",
  ],
  sections: [
    "Background",
    "Organisation",
    "Process and methods",
    "Standards and regulations applied",
    "Support and limits",
  ],
};

function words(locale: PdfLocale): Words {
  return locale === "zh-CN" ? ZH : EN;
}

const KEYS: readonly ReportChapterKey[] = [
  "project",
  "activity",
  "object",
  "assets",
  "threats",
  "vulnerabilities",
  "analysis",
  "evaluation",
  "remediation",
];

function chaptersFixture(locale: PdfLocale, paragraphs: number, next: (below: number) => number): ReportChapter[] {
  const from = words(locale);
  return KEYS.map((key, i) => ({
    key,
    sections: from.sections.slice(0, key === "evaluation" || key === "remediation" ? 1 : 3).map((title, k) => ({
      no: `${i + 1}.${k + 1}`,
      title,
      paragraphs: Array.from(
        { length: paragraphs },
        () => `${pick(from.sentences, next)}${locale === "en" ? " " : ""}${pick(from.sentences, next)}`,
      ),
    })),
  }));
}

export interface ReportSize {
  readonly paragraphs: number;
  readonly assets: number;
  readonly risks: number;
}

/** Sizes that give about 50 and 200 pages. */
export const REPORT_SIZES = {
  small: { paragraphs: 2, assets: 30, risks: 40 },
  fifty: { paragraphs: 10, assets: 260, risks: 260 },
  twoHundred: { paragraphs: 42, assets: 1080, risks: 1080 },
} as const satisfies Record<string, ReportSize>;

function code(letter: string, i: number): string {
  return `${letter}-${String(i + 1).padStart(3, "0")}`;
}

function registerFixture(
  locale: PdfLocale,
  size: ReportSize,
  next: (below: number) => number,
): Pick<RiskReportData, "assets" | "threats" | "vulnerabilities" | "risks" | "measures"> {
  const from = words(locale);
  const assets: AssetRow[] = Array.from({ length: size.assets }, (_, i) => ({
    code: code("A", i),
    name: pick(from.assets, next),
    kind: pick(from.kinds, next),
    owner: pick(from.owners, next),
    confidentiality: level(next),
    integrity: level(next),
    availability: level(next),
    value: level(next),
  }));
  const threats: ThreatRow[] = Array.from({ length: Math.ceil(size.assets / 3) }, (_, i) => ({
    code: code("T", i),
    name: pick(from.threats, next),
    source: pick(from.sources, next),
    description: pick(from.sentences, next).slice(0, 90),
    frequency: level(next),
  }));
  const vulnerabilities: VulnerabilityRow[] = Array.from({ length: Math.ceil(size.assets / 2) }, (_, i) => ({
    code: code("V", i),
    name: pick(from.flaws, next),
    asset: pick(from.assets, next),
    description: pick(from.sentences, next).slice(0, 70),
    severity: level(next),
  }));
  const risks: RiskRow[] = Array.from({ length: size.risks }, (_, i) => {
    const [assetValue, threatFrequency, severity] = [level(next), level(next), level(next)];
    const likelihood = middle(threatFrequency, severity);
    const loss = middle(assetValue, severity);
    return {
      code: code("R", i),
      asset: pick(from.assets, next),
      threat: pick(from.threats, next),
      vulnerability: pick(from.flaws, next),
      assetValue,
      threatFrequency,
      severity,
      likelihood,
      loss,
      score: likelihood * loss,
      level: middle(likelihood, loss),
      owner: pick(from.owners, next),
    };
  });
  const measures: MeasureRow[] = Array.from({ length: Math.ceil(size.risks / 2) }, (_, i) => ({
    code: code("M", i),
    name: pick(from.measures, next),
    kind: next(3) === 0 ? "management" : "technical",
    risks: [code("R", next(size.risks)), code("R", next(size.risks))],
    owner: pick(from.owners, next),
    due: `2027-${String(1 + next(12)).padStart(2, "0")}-28`,
    residual: pick([1, 2, 2, 3] as const, next),
  }));
  return { assets, threats, vulnerabilities, risks, measures };
}

/** A risk report of realistic length and mix. */
export function reportFixture(locale: PdfLocale, size: ReportSize = REPORT_SIZES.small, seed = 7): RiskReportData {
  const next = generator(seed);
  const zh = locale === "zh-CN";
  return {
    head: headFixture(locale, "report"),
    chapters: chaptersFixture(locale, size.paragraphs, next),
    ...registerFixture(locale, size, next),
    matrix: [
      [1, 1, 2, 2, 3],
      [1, 2, 2, 3, 3],
      [1, 2, 3, 3, 4],
      [2, 2, 3, 4, 4],
      [2, 3, 4, 4, 5],
    ],
    approvals: [
      {
        role: zh ? "编制" : "Prepared by",
        unit: zh ? "信息中心" : "Information centre",
        name: zh ? "张昕" : "Zhang Xin",
        date: "2026-11-18",
      },
      {
        role: zh ? "审核" : "Reviewed by",
        unit: zh ? "安全管理处" : "Security office",
        name: zh ? "李䶮" : "Li Yan",
        date: "2026-11-20",
        opinion: zh
          ? "数据完整，结论与登记册一致，同意报送。"
          : "Data complete, conclusions match the register; may be submitted.",
      },
      { role: zh ? "批准" : "Approved by", unit: zh ? "城市公用设施行业主管部门" : "Regulator for urban utilities" },
    ],
  };
}
