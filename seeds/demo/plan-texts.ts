/** Measures, indicators and budget lines of the invented programme. */
import type { Dimension, Lifecycle, Mechanism, ObjectKind } from "#app/domain/vocabulary.ts";
import type { Named } from "./texts.ts";

export type MeasureKind = Named & {
  dimension: Dimension;
  object: ObjectKind;
  lifecycle: Lifecycle;
  mechanism: Mechanism;
  threatCut: number;
  vulnerabilityCut: number;
};
type Row = readonly [Lifecycle, Mechanism, threatCut: number, vulnerabilityCut: number, zh: string, en: string];
const cell = (dimension: Dimension, object: ObjectKind, ...rows: readonly Row[]): MeasureKind[] =>
  rows.map(([lifecycle, mechanism, threatCut, vulnerabilityCut, zh, en]) => ({
    dimension,
    object,
    lifecycle,
    mechanism,
    threatCut,
    vulnerabilityCut,
    zh,
    en,
  }));

/** Three for each cell of dimension × object. */
export const measureKinds: readonly MeasureKind[] = [
  ...cell(
    "supervision",
    "solution",
    [
      "design",
      "defend",
      0,
      1,
      "补做系统定级并按等级要求修订方案",
      "Grade the system and revise the design to its level",
    ],
    [
      "operation",
      "discover",
      1,
      1,
      "建设统一日志与告警汇聚平台并接入预警共享",
      "Bring logs and alarms together and join the warning exchange",
    ],
    [
      "operation",
      "replace",
      0,
      2,
      "编制应急预案并开展降级与人工替代演练",
      "Write the emergency plan and drill fallback and manual operation",
    ],
  ),
  ...cell(
    "supervision",
    "equipment",
    [
      "acceptance",
      "discover",
      1,
      1,
      "到货设备固件摘要抽检与台账移交",
      "Sample firmware digests at delivery and hand over the ledger",
    ],
    [
      "design",
      "replace",
      0,
      2,
      "单一来源设备备选型号测试与备件储备",
      "Test alternative models for single-source equipment and keep spares",
    ],
    [
      "operation",
      "discover",
      1,
      1,
      "外场点位电子巡检与开箱告警改造",
      "Electronic inspection and box-opening alarms at field points",
    ],
  ),
  ...cell(
    "supervision",
    "service",
    [
      "design",
      "defend",
      0,
      1,
      "修订运营服务合同的安全责任与时限条款",
      "Revise security duties and deadlines in service contracts",
    ],
    [
      "design",
      "replace",
      0,
      2,
      "补签服务退出与数据迁移条款并试导出",
      "Add exit and migration clauses and try an export",
    ],
    [
      "operation",
      "discover",
      1,
      1,
      "检查问题编号、限期、复核的闭环管理",
      "Numbered, dated and reviewed closing of findings",
    ],
  ),
  ...cell(
    "identity",
    "solution",
    [
      "design",
      "defend",
      1,
      1,
      "建设统一身份与证书体系，明确密钥分级",
      "Build one identity and certificate system with graded keys",
    ],
    ["operation", "replace", 0, 2, "建设凭据在线吊销与轮换能力", "Build online revocation and rotation of credentials"],
    [
      "acceptance",
      "discover",
      0,
      1,
      "开展越权与未鉴别接口专项测试",
      "Test specifically for bypass and unauthenticated interfaces",
    ],
  ),
  ...cell(
    "identity",
    "equipment",
    ["design", "defend", 1, 2, "外场设备一机一密改造", "Unique credentials for each field device"],
    ["acceptance", "defend", 1, 2, "节点与网关双向鉴别升级", "Mutual authentication of nodes and gateways"],
    [
      "operation",
      "replace",
      0,
      2,
      "退役设备身份注销与平台同步",
      "Cancel retired identities and synchronise the platform",
    ],
  ),
  ...cell(
    "identity",
    "service",
    [
      "acceptance",
      "defend",
      1,
      2,
      "远程运维堡垒机与多因素鉴别",
      "Bastion host and multi-factor sign-in for remote maintenance",
    ],
    ["operation", "discover", 1, 1, "运维操作录像与双人复核", "Recorded operations with second-person review"],
    [
      "operation",
      "defend",
      1,
      1,
      "离岗账号当日停用并与人事系统联动",
      "Disable accounts on the day of leaving, tied to the staff system",
    ],
  ),
  ...cell(
    "network",
    "solution",
    ["design", "defend", 1, 2, "生产网与办公网分区隔离改造", "Separate production and office networks"],
    ["operation", "discover", 1, 1, "关键节点部署异常流量监测", "Anomalous traffic monitoring at key nodes"],
    ["design", "replace", 0, 2, "双链路与本地降级运行改造", "Second link and local fallback operation"],
  ),
  ...cell(
    "network",
    "equipment",
    ["operation", "defend", 1, 2, "固件升级验签与防回退改造", "Signed firmware and protection against rollback"],
    ["acceptance", "defend", 1, 1, "关闭调试口并清理多余端口", "Close debug ports and superfluous services"],
    [
      "operation",
      "discover",
      0,
      2,
      "固件版本与漏洞台账自动比对",
      "Automatic match of firmware versions and vulnerabilities",
    ],
  ),
  ...cell(
    "network",
    "service",
    ["design", "defend", 1, 2, "平台接口网关统一鉴权与限流", "Interface gateway with authorisation and rate limits"],
    ["operation", "replace", 0, 2, "异地备份与季度恢复演练", "Off-site backup and quarterly restore drills"],
    ["acceptance", "discover", 1, 1, "上线前渗透与并发压力测试", "Penetration and load tests before going live"],
  ),
  ...cell(
    "privacy",
    "solution",
    ["design", "defend", 0, 2, "个人信息与业务数据分离存储", "Keep personal and business data apart"],
    [
      "operation",
      "replace",
      0,
      1,
      "到期数据自动删除与备份同步清理",
      "Automatic deletion of expired data, backups included",
    ],
    ["acceptance", "discover", 0, 1, "实际数据流核对与清单补全", "Check real data flows and complete the list"],
  ),
  ...cell(
    "privacy",
    "equipment",
    ["design", "defend", 1, 1, "外场采集明示标识与物理关闭开关", "Signs and physical switches for field recording"],
    ["acceptance", "defend", 0, 2, "设备本地缓存加密", "Encrypt local device storage"],
    [
      "operation",
      "replace",
      0,
      2,
      "维修报废设备数据清除与见证",
      "Witnessed erasure when devices are repaired or scrapped",
    ],
  ),
  ...cell(
    "privacy",
    "service",
    ["design", "defend", 1, 1, "委托处理协议与接收方清单管理", "Processing agreements and a list of recipients"],
    ["acceptance", "defend", 0, 2, "后台查询脱敏与按需授权", "Masked queries with authorisation on demand"],
    ["operation", "discover", 1, 1, "批量导出监测与泄露通报演练", "Monitor bulk export and drill breach notices"],
  ),
];

export type IndicatorKind = {
  code: string;
  name: Named;
  unit: Named;
  dimension: Dimension;
  direction: "up" | "down";
  /** Range of the sector's baseline and of its target, in the unit. */
  baseline: readonly [number, number];
  target: readonly [number, number];
  /** Decimals it is measured with. */
  digits: 0 | 1 | 2;
};
const ind = (
  code: string,
  zh: string,
  en: string,
  unitZh: string,
  unitEn: string,
  dimension: Dimension,
  direction: "up" | "down",
  baseline: readonly [number, number],
  target: readonly [number, number],
  digits: 0 | 1 | 2 = 0,
): IndicatorKind => ({
  code,
  name: { zh, en },
  unit: { zh: unitZh, en: unitEn },
  dimension,
  direction,
  baseline,
  target,
  digits,
});
export const indicatorKinds: readonly IndicatorKind[] = [
  ind(
    "I01",
    "高危漏洞平均修复时长",
    "Mean time to repair high-risk vulnerabilities",
    "天",
    "days",
    "supervision",
    "down",
    [38, 75],
    [10, 20],
    1,
  ),
  ind("I02", "检查问题按期整改率", "Findings closed in time", "%", "%", "supervision", "up", [42, 66], [90, 98], 1),
  ind(
    "I03",
    "设备台账账物相符率",
    "Devices that match the ledger",
    "%",
    "%",
    "supervision",
    "up",
    [71, 88],
    [97, 99.5],
    1,
  ),
  ind("I04", "一机一密设备占比", "Devices with unique credentials", "%", "%", "identity", "up", [8, 35], [85, 98], 1),
  ind(
    "I05",
    "凭据泄露后全部更换用时",
    "Time to replace leaked credentials",
    "小时",
    "hours",
    "identity",
    "down",
    [96, 240],
    [8, 24],
    1,
  ),
  ind("I06", "无主账号数", "Accounts without an owner", "个", "accounts", "identity", "down", [24, 90], [0, 2]),
  ind(
    "I07",
    "异常接入发现时长",
    "Time to detect rogue nodes",
    "分钟",
    "minutes",
    "network",
    "down",
    [180, 720],
    [10, 30],
    1,
  ),
  ind("I08", "固件升级验签覆盖率", "Devices with signed firmware", "%", "%", "network", "up", [12, 40], [90, 99], 1),
  ind(
    "I09",
    "断链本地维持时间",
    "Local operation without link",
    "小时",
    "hours",
    "network",
    "up",
    [0.5, 4],
    [12, 48],
    1,
  ),
  ind(
    "I10",
    "敏感信息加密存储率",
    "Sensitive data stored encrypted",
    "%",
    "%",
    "privacy",
    "up",
    [20, 55],
    [95, 100],
    1,
  ),
  ind("I11", "无依据采集项数", "Items collected without a reason", "项", "items", "privacy", "down", [6, 18], [0, 1]),
  ind(
    "I12",
    "单一来源关键设备占比",
    "Single-source key equipment",
    "%",
    "%",
    "supervision",
    "down",
    [32, 58],
    [10, 22],
    1,
  ),
];
/** Indicators of each sector: eight of the twelve, so that sectors share most and differ in some. */
export const sectorIndicators: Readonly<Record<string, readonly string[]>> = {
  TEN: ["I01", "I02", "I04", "I05", "I07", "I08", "I09", "I12"],
  PSF: ["I01", "I02", "I04", "I06", "I07", "I10", "I11", "I12"],
  URB: ["I01", "I03", "I04", "I06", "I07", "I08", "I10", "I11"],
  WSF: ["I01", "I02", "I03", "I05", "I07", "I08", "I09", "I12"],
  IND: ["I01", "I03", "I04", "I06", "I08", "I09", "I10", "I12"],
};
export type BudgetKind = Named & {
  security: boolean;
  lifecycle: Lifecycle;
  /** Share of its half, security or other. */
  weight: number;
};
const line = (zh: string, en: string, security: boolean, lifecycle: Lifecycle, weight: number): BudgetKind => ({
  zh,
  en,
  security,
  lifecycle,
  weight,
});
export const budgetKinds: readonly BudgetKind[] = [
  line("感知设备与网关购置", "Sensors and gateways", false, "design", 46),
  line("平台软件开发", "Platform software", false, "design", 28),
  line("通信与机房建设", "Communication and machine rooms", false, "acceptance", 16),
  line("运行维护", "Operation and maintenance", false, "operation", 10),
  line("安全方案设计与验证", "Security design and verification", true, "design", 14),
  line("身份与密码基础设施", "Identity and cryptography", true, "design", 32),
  line("安全防护设备与改造", "Protection equipment and retrofits", true, "acceptance", 30),
  line("等级测评与渗透测试", "Grading assessment and penetration tests", true, "acceptance", 12),
  line("安全监测与应急演练", "Security monitoring and drills", true, "operation", 12),
];
export const lowShareReason: Named = {
  zh: "本单位安全平台由集团统一建设，费用列在集团预算，本项目只列终端改造部分。",
  en: "The group builds and pays for the security platform; this project carries the terminals only.",
};
