/** Written texts of the invented programme: notes to answers, chapters of reports and plans, findings, comments, advisories. */
import type { ObjectKind } from "#app/domain/vocabulary.ts";

export type NoteKind = ObjectKind | "management";
/** What is still open in a partial answer, by object, management questions apart. `{t}` is the title of the question. */
export const partialNotes: Readonly<Record<NoteKind, readonly string[]>> = {
  management: [
    "“{t}”已开展，记录和佐证不完整，计划{q}补齐。",
    "“{t}”已有制度，部分点位未执行到位。",
    "新建部分已落实“{t}”，早期建成部分正在补做。",
    "“{t}”有专人负责，缺少定期复核。",
  ],
  solution: [
    "“{t}”已写入方案，外场部分尚未覆盖，计划{q}完成。",
    "核心业务已落实“{t}”，备用链路和测试环境未纳入。",
    "“{t}”已完成设计和评审，测试记录不完整。",
    "平台侧已落实“{t}”，边缘侧正在改造。",
  ],
  equipment: [
    "“{t}”已覆盖近两年采购的设备，存量设备约三成未达到。",
    "抽查发现个别型号不满足“{t}”，已要求供应商在{q}前整改。",
    "“{t}”在中心机房落实较好，外场箱体内设备不足。",
    "设备具备该能力，出厂时未启用，正在分批配置。",
  ],
  service: [
    "“{t}”已有制度，执行记录不连续。",
    "主要服务商已落实“{t}”，分包商尚未纳入。",
    "“{t}”已开展，没有明确时限，按部分符合填报。",
    "“{t}”由专人负责，缺少定期复核。",
  ],
};
export const failedNotes: Readonly<Record<NoteKind, readonly string[]>> = {
  management: [
    "“{t}”尚未开展，已列入{q}整改计划。",
    "“{t}”缺少制度依据，拟在本年度补充。",
    "合同和采购文件未提出“{t}”的要求，待续签时补充。",
    "“{t}”无专人负责，正在明确岗位。",
  ],
  solution: [
    "方案中没有“{t}”的内容，已列入{q}整改计划。",
    "“{t}”尚未开展，缺少专项经费。",
    "系统建成较早，“{t}”需结合改造实施。",
  ],
  equipment: [
    "现有型号达不到“{t}”的要求，需更换或加装模块。",
    "“{t}”未要求供应商提供，合同到期后补充。",
    "点位分散、无专人，“{t}”没有开展。",
  ],
  service: [
    "“{t}”没有开展，待{q}合同续签时一并约定。",
    "“{t}”无人负责，拟在本年度明确岗位。",
    "未要求服务商提供“{t}”的记录。",
  ],
};
export const notApplicableNotes = {
  privacy: "本系统只采集设备和环境数据，不采集个人信息。",
  service: "本系统由本单位自行运营，未委托第三方。",
} as const;
export const metNotes: readonly string[] = [
  "",
  "",
  "",
  "已纳入年度检查，记录齐全。",
  "按最新版制度执行，见佐证材料。",
  "本年度已复核一次，结论为符合。",
];
export const evidenceTitles: readonly string[] = [
  "{t}检查记录",
  "{t}测试报告",
  "{t}制度文件（现行版）",
  "{t}现场照片",
  "{t}截图与说明",
  "{t}会议纪要",
];
export const quarters: readonly string[] = ["本年第三季度", "本年底", "明年第一季度", "明年六月底"];

export type TextFacts = { sectorZh: string; sites: number; systems: number; risks: number; high: number; body: string };
/** Sections of the risk report that are written by hand, by key of the catalogue. */
export const reportTexts = (f: TextFacts): Record<string, string> => ({
  "1.1": `本次评估覆盖${f.sectorZh}领域 ${f.sites} 家单位的 ${f.systems} 个物联网应用系统，均已建成投用。各系统的建设单位、承建单位和等级见附表。`,
  "1.2": `评估由${f.body}组织，领域内各单位自查填报，检测机构对重点系统进行现场核验。评估人员均签署保密承诺。`,
  "2.1": `成立评估工作组，设组长一名、分组四个，分别负责安全监管、身份认证、网络防护和隐私保护。工作组每周碰头，重大问题当日报告。`,
  "2.2":
    "评估分为准备、调研填报、现场核验、风险分析和报告编制五个步骤。调研以统一问卷进行，退回补正的问题逐条记录原因和答复。",
  "2.3":
    "依据 GB/T 20984-2022、GB/T 22239-2019、GB/T 22240-2020 及本专项行动计划的要求。引用条款中未经核实的，在附表中注明。",
  "2.4": "部分外场点位受天气和停机窗口限制，采用抽样方式核验，抽样比例不低于百分之五。未覆盖的点位在结论中说明。",
  "3.1":
    "评估对象由系统解决方案、核心设备和运营服务三部分构成。各系统按业务信息安全和系统服务安全分别定级，取高者为系统等级。",
  "3.2":
    "三级以上系统均已备案并开展等级测评；二级系统按年度自查。网络边界、主机和应用的防护措施见管理措施表和技术措施表。",
  "4.2":
    "关键资产为赋值 4 级以上的资产，主要是远程控制类设备、调度平台和身份密钥设施，一旦受损直接影响人身安全或公共服务。",
  "5.1": "威胁数据来自近三年安全事件记录、预警通报、日志分析和现场访谈，并与威胁目录逐项比对。",
  "5.2":
    "主要威胁为默认或弱口令被猜中、伪造节点接入、恶意固件植入、供应商停止支持和外场设备被拆改。威胁源以外部有意为主，管理疏漏次之。",
  "6.1":
    "管理方面，服务合同安全责任不清较为普遍；网络方面，早期系统未分区；设备方面，存量终端共用密钥、升级不验签；运维方面，远程账号共用。",
  "6.2": "对重点系统开展口令测试、固件检查、重放试验和断链试验。发现的问题已逐条编号并纳入整改。",
  "8": `共识别风险 ${f.risks} 项，其中高风险以上 ${f.high} 项，集中在设备身份、固件升级和运维管理。总体判断：${f.sectorZh}领域物联网应用可用性保障较好，设备侧身份与更新能力不足，是试点的重点。`,
  "9": "建议优先完成一机一密和升级验签改造；对单一来源设备开展备选型号测试；在服务合同中补充安全责任、退出和数据迁移条款；建立问题编号、限期、复核的闭环机制。",
});
/** Sections of the pilot plan that are written by hand. */
export const planTexts = (f: TextFacts): Record<string, string> => ({
  organisation: `由${f.body}牵头，${f.sites} 家单位参加，联合单位每家不超过两家，分工见附表。`,
  technology: "以统一身份和可信升级为主线，先身份、后网络、再数据；采用成熟产品，不引入新的单一来源。标准依据见附表。",
  roles: "试点单位负责建设和运行，检测机构负责设计验证、竣工测试和运营检查，主管部门负责进度和质量。",
  results: "形成可复制的设备身份改造方案、外场固件升级规程和服务退出演练脚本，供领域内其他单位采用。",
  contingency: "改造期间保留人工操作手段；升级失败可回退；供应商延期时启用备选型号。",
  commitments: "各单位承诺如实填报、按期整改、配合检查，资料真实有效。",
});

export type CommentText = {
  from: string;
  organisation: string;
  textZh: string;
  proposalZh: string;
  disposition: "adopted" | "partly" | "refused";
  replyZh: string;
};
export const comments: readonly CommentText[] = [
  {
    from: "程立",
    organisation: "沅安仪表行业协会",
    textZh: "“断链一分钟内显示”对低功耗终端难以做到。",
    proposalZh: "对电池供电终端放宽到一个上报周期。",
    disposition: "adopted",
    replyZh: "采纳，增加电池供电终端的例外。",
  },
  {
    from: "邱雁",
    organisation: "青渚软件",
    textZh: "双人签字记录应允许电子签名。",
    proposalZh: "将“双人签字”改为“双人确认”。",
    disposition: "adopted",
    replyZh: "采纳。",
  },
  {
    from: "石岩",
    organisation: "泽川水务",
    textZh: "备选型号测试费用较高，小单位承担困难。",
    proposalZh: "由领域统一组织测试并共享结果。",
    disposition: "partly",
    replyZh: "条款不变，在附录中增加结果共享的说明。",
  },
  {
    from: "匿名",
    organisation: "",
    textZh: "建议取消对运维账号按人开设的要求。",
    proposalZh: "允许班组共用账号。",
    disposition: "refused",
    replyZh: "不采纳：试点表明共用账号无法追溯。",
  },
];
