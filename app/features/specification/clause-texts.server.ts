import type { ClauseChapter } from "./specification.schema.ts";

/*
 * A first text for a clause on each control of the catalogue, in the wording of GB/T 1.1 clause 7.5: one verb, one requirement.
 * Authors change them freely; they save the empty page. 应/shall for controls of weight 4 and 5, 宜/should for weight 3.
 */
type Text = readonly [zh: string, en: string];

const supervision: Record<string, Text> = {
  "SUP-SOL-01": [
    "方案设计开始前应确定系统的安全保护等级并完成评审，将该等级的要求列为设计输入。",
    "The protection level of the system shall be decided and reviewed before design begins, and the requirements of that level shall be a design input.",
  ],
  "SUP-SOL-02": [
    "设计方案应列出关键部件、平台和服务的备选型号、开放接口和迁移步骤。",
    "The design shall list alternative models, open interfaces and migration steps for key parts, platforms and services.",
  ],
  "SUP-SOL-03": [
    "竣工验收前应按书面测试方案完成安全测试，覆盖感知层、网络层和平台层。",
    "Security testing shall be completed to a written plan before acceptance and shall cover the sensing, network and platform layers.",
  ],
  "SUP-SOL-04": [
    "安全建设预算应单列科目，达到约定比例，并与主体工程同步完成。",
    "The security budget shall be a separate line at the agreed share and shall be spent in step with the main works.",
  ],
  "SUP-SOL-05": [
    "系统的日志、告警和设备状态应汇聚到统一监测点，并按规定向预警共享平台报送。",
    "Logs, alarms and device states shall be gathered at one monitoring point and reported to the warning-sharing platform as required.",
  ],
  "SUP-SOL-06": [
    "运营单位应制定针对设备失控、平台中断的应急预案，每年至少演练一次降级、切换或人工替代。",
    "The operator shall keep an emergency plan for device take-over and platform outage and shall drill fallback, switch-over or manual substitution at least once a year.",
  ],
  "SUP-EQP-01": [
    "采购文件应写明核心设备的安全基线和供应商提交检测证明的范围。",
    "Procurement papers shall state the security baseline that core equipment meets and the test certificates to be submitted.",
  ],
  "SUP-EQP-02": [
    "供应商应书面承诺安全更新支持期，并给出停产后的替代型号或备件安排。",
    "The supplier shall commit in writing to a security-update period and to a substitute model or spares after end of sale.",
  ],
  "SUP-EQP-03": [
    "到货设备应抽样核对型号、固件版本和摘要值，确认与送检样品一致。",
    "Delivered devices shall be sampled to match model, firmware version and digest against the tested sample.",
  ],
  "SUP-EQP-04": [
    "验收时应建立含唯一编号、位置、固件、责任人的设备台账，并移交运维单位。",
    "At acceptance a device register with unique ID, place, firmware and owner shall be built and handed to operations.",
  ],
  "SUP-EQP-05": [
    "运营单位宜指定人员按周期巡视感知节点和网关的部署环境，记录并处理异常。",
    "Named staff should patrol the surroundings of sensing nodes and gateways on schedule and record and resolve anomalies.",
  ],
  "SUP-EQP-06": [
    "设备入库、部署、携带、维修、丢失、报废各环节宜有规定，并留存追溯记录。",
    "Storage, deployment, carrying, repair, loss and scrapping of devices should be governed by rules with traceable records.",
  ],
  "SUP-SRV-01": [
    "运营服务合同应写明各方的安全职责、报告时限和供应链义务。",
    "The service contract shall state each party's security duties, reporting times and supply-chain obligations.",
  ],
  "SUP-SRV-02": [
    "运营服务合同应约定服务终止后的数据交付格式、过渡期和账号移交方式。",
    "The service contract shall fix the data format, transition period and hand-over of accounts when the service ends.",
  ],
  "SUP-SRV-03": [
    "上线前应评估运营单位的人员、流程、监测和响应能力，并形成结论。",
    "The operator's staff, processes, monitoring and response shall be assessed before go-live, with a written result.",
  ],
  "SUP-SRV-04": [
    "运营单位应公开漏洞报告渠道，并承诺受理、通报和修复的时限。",
    "The operator shall publish a contact for vulnerability reports and commit to times for acknowledging, informing and fixing.",
  ],
  "SUP-SRV-05": [
    "安全检查发现的问题应逐条编号、定责、限期，经复核后关闭。",
    "Every inspection finding shall be numbered, owned and dated, and shall be closed after a re-check.",
  ],
  "SUP-SRV-06": [
    "更换服务商或分包商时，宜重新评估风险并收回原有权限和资料。",
    "When a supplier or subcontractor changes, risk should be re-assessed and former rights and data should be taken back.",
  ],
};
const identity: Record<string, Text> = {
  "IDN-SOL-01": [
    "方案应为人、设备、服务设计统一的身份体系，明确信任根和密钥分级。",
    "The design shall give people, devices and services one identity system with a stated trust root and key hierarchy.",
  ],
  "IDN-SOL-02": [
    "系统设计宜支持在不更换主要硬件的前提下更换算法、证书体系和密钥长度。",
    "The design should allow algorithms, certificate chains and key lengths to be changed without replacing main hardware.",
  ],
  "IDN-SOL-03": [
    "验收测试应覆盖水平越权、垂直越权和未鉴别接口。",
    "Acceptance tests shall cover horizontal and vertical privilege abuse and unauthenticated interfaces.",
  ],
  "IDN-SOL-04": [
    "验收时应以未登记节点进行接入试验，确认其被拒绝且产生告警。",
    "At acceptance an unregistered node shall be tried, shall be refused, and shall raise an alarm.",
  ],
  "IDN-SOL-05": [
    "运营单位应识别并处置异地登录、同一凭据多点使用、非工作时间操作等身份异常。",
    "The operator shall detect and handle unusual logins, one credential used in several places, and off-hours actions.",
  ],
  "IDN-SOL-06": [
    "发现凭据泄露后，应在规定时间内吊销凭据并在线更换设备密钥。",
    "After a leak, credentials shall be revoked and device keys replaced online within the set time.",
  ],
  "IDN-EQP-01": [
    "每台设备应具有唯一身份和互不相同的出厂凭据，且凭据不应由公开信息推算得出。",
    "Each device shall have a unique identity and a distinct factory credential that is not derivable from public data.",
  ],
  "IDN-EQP-02": [
    "设备密钥应存放在受保护区域，支持更新，不写死在代码中。",
    "Device keys shall be kept in a protected area, shall be renewable and shall not be fixed in code.",
  ],
  "IDN-EQP-03": [
    "验收时应检查默认口令、隐藏账号和固件中的写死凭据。",
    "Default passwords, hidden accounts and credentials fixed in firmware shall be checked at acceptance.",
  ],
  "IDN-EQP-04": [
    "感知节点与网关、网关与平台之间应互相确认身份后再交换数据。",
    "Nodes and gateways, and gateways and platform, shall authenticate each other before exchanging data.",
  ],
  "IDN-EQP-05": [
    "设备管理口宜限制连续失败次数，予以锁定或延时，并记录事件。",
    "The device's admin port should limit failed tries, lock or delay, and log the event.",
  ],
  "IDN-EQP-06": [
    "设备退役、转移或丢失后，应及时注销其身份和证书并同步到平台。",
    "When a device is retired, moved or lost, its identity and certificate shall be revoked promptly and the platform updated.",
  ],
  "IDN-SRV-01": [
    "平台角色应按岗位划分，系统管理、安全管理、审计三类权限互不兼任。",
    "Platform roles shall be split by job, and system, security and audit rights shall be held by different people.",
  ],
  "IDN-SRV-02": [
    "身份服务中断时，宜采用受控的应急授权方式，并在事后收回。",
    "While the identity service is down a controlled emergency authorisation should be used and withdrawn afterwards.",
  ],
  "IDN-SRV-03": [
    "上线前应清理测试账号、共享账号和供应商遗留账号。",
    "Test accounts, shared accounts and leftover vendor accounts shall be removed before go-live.",
  ],
  "IDN-SRV-04": [
    "远程运维应采用两种以上鉴别方式，经审批开通，结束后关闭。",
    "Remote maintenance shall use at least two factors, shall be opened on approval and closed when done.",
  ],
  "IDN-SRV-05": [
    "运维和管理操作应全程留痕、防止更改，并定期由专人复核。",
    "Maintenance and admin actions shall be recorded unalterably and reviewed regularly by a named person.",
  ],
  "IDN-SRV-06": [
    "人员离岗或换岗时，应在当日收回权限、工具和检查维护记录。",
    "When staff leave or move, rights, tools and maintenance records shall be returned the same day.",
  ],
};
const network: Record<string, Text> = {
  "NET-SOL-01": [
    "网络应按用途和重要程度划分安全区，区间只开放必要通信。",
    "The network shall be split into zones by purpose and importance, with only necessary traffic between them.",
  ],
  "NET-SOL-02": [
    "主要链路或云平台中断时，系统应在本地维持基本业务并有序恢复。",
    "When the main link or cloud fails, the system shall keep basic service locally and recover in order.",
  ],
  "NET-SOL-03": [
    "验收前应扫描外网暴露面、开放端口和已知漏洞，并完成整改。",
    "Exposure, open ports and known vulnerabilities shall be scanned and remedied before acceptance.",
  ],
  "NET-SOL-04": [
    "重要数据在感知、接入、回传各段应加密并校验完整性。",
    "Important data shall be encrypted and integrity-checked on the sensing, access and backhaul links.",
  ],
  "NET-SOL-05": [
    "关键节点应检测来自内部和外部的攻击，并向责任人告警。",
    "Attacks from inside and outside shall be detected at key nodes, with alarms to the person in charge.",
  ],
  "NET-SOL-06": [
    "发现设备失陷后，应在规定时间内隔离网段，换用备用设备或链路。",
    "After a device is found compromised, its segment shall be isolated and a spare device or link put in use within the set time.",
  ],
  "NET-EQP-01": [
    "设备应只启用业务需要的服务、端口和无线通道，其余默认关闭。",
    "The device shall enable only the services, ports and radios that its task needs, all others off by default.",
  ],
  "NET-EQP-02": [
    "设备应校验升级包的来源和完整性，并拒绝降级到存在漏洞的版本。",
    "The device shall verify the origin and integrity of updates and shall refuse a downgrade to a vulnerable version.",
  ],
  "NET-EQP-03": [
    "出厂设备的调试口、串口和测试点应关闭或加以保护。",
    "Debug ports, serial consoles and test points of shipped devices shall be closed or protected.",
  ],
  "NET-EQP-04": [
    "验收时应验证重放的历史数据、篡改后重放的数据和伪造的节点数据均被识别并丢弃。",
    "At acceptance it shall be verified that replayed, altered and forged node data are recognised and dropped.",
  ],
  "NET-EQP-05": [
    "运营单位应掌握每台设备的固件版本、已知漏洞和补丁状态，并按风险限期处理。",
    "The operator shall know each device's firmware version, known vulnerabilities and patch state and shall act by risk-based dates.",
  ],
  "NET-EQP-06": [
    "设备升级失败时宜自动回到上一版本，关键设备宜备有备件或替代型号。",
    "A failed update should return the device to the previous version, and key devices should have spares or substitutes.",
  ],
  "NET-SRV-01": [
    "平台对外接口应逐一鉴别、授权、校验输入并限制频率。",
    "Each outward interface of the platform shall be authenticated, authorised, input-checked and rate-limited.",
  ],
  "NET-SRV-02": [
    "重要数据和配置应定期备份、异地保存，并给出恢复时间和恢复点目标。",
    "Important data and settings shall be backed up off-site regularly, with stated recovery time and recovery point.",
  ],
  "NET-SRV-03": [
    "平台上线前应完成渗透测试和大量设备同时上线的压力测试。",
    "Before go-live the platform shall pass penetration testing and load testing with mass device reconnection.",
  ],
  "NET-SRV-04": [
    "感知节点和网关应只访问登记过的目标地址。",
    "Sensing nodes and gateways shall reach registered destination addresses only.",
  ],
  "NET-SRV-05": [
    "收到预警通报后，运营单位应在时限内排查受影响设备并反馈结果。",
    "After a warning the operator shall check affected devices and report the result within the time limit.",
  ],
  "NET-SRV-06": [
    "运营单位应演练云平台或运营商中断后的恢复，并验证设备有序重连。",
    "The operator shall drill recovery from an outage of cloud or carrier and shall verify orderly device reconnection.",
  ],
};
const privacy: Record<string, Text> = {
  "PRV-SOL-01": [
    "方案应逐项说明采集个人信息的目的、依据和必要性，取消非必需项。",
    "The design shall state purpose, basis and need for each item of personal information and shall drop what is not needed.",
  ],
  "PRV-SOL-02": [
    "身份信息与业务数据应分开存放，分析和共享使用去标识化数据。",
    "Identity and business data shall be stored apart, and de-identified data shall be used for analysis and sharing.",
  ],
  "PRV-SOL-03": [
    "验收时应以实际数据流核对个人信息清单，确认没有遗漏。",
    "At acceptance the inventory of personal information shall be checked for gaps against real data flows.",
  ],
  "PRV-SOL-04": [
    "敏感个人信息在传输和存储中应加密，密钥与数据分开管理。",
    "Sensitive personal information shall be encrypted in transit and at rest, with keys managed apart from data.",
  ],
  "PRV-SOL-05": [
    "新增业务、对外提供或发生事件后，应开展个人信息安全影响评估并采纳结论。",
    "An impact assessment on personal information shall be done after new services, sharing or incidents, and its result acted upon.",
  ],
  "PRV-SOL-06": [
    "个人信息应设定保存期限，到期自动删除或匿名化，备份同步处理。",
    "Personal information shall have a retention period with automatic deletion or anonymisation on expiry, backups included.",
  ],
  "PRV-EQP-01": [
    "带摄像、录音、定位的设备应明示采集行为，并由授权人控制其关闭。",
    "Devices with camera, microphone or location shall show that they collect and shall be switched off by an authorised person.",
  ],
  "PRV-EQP-02": [
    "存储介质或密钥应支持单独更换或擦除，维修换件时个人信息不应外流。",
    "Storage media or keys shall be exchangeable or erasable on their own, so that repair carries no personal information away.",
  ],
  "PRV-EQP-03": [
    "验收时应检测设备有无未声明的采集项和外发地址。",
    "At acceptance the device shall be tested for undeclared data items and destinations.",
  ],
  "PRV-EQP-04": [
    "设备本地缓存的图像、音频、轨迹等应加密并限制读取。",
    "Images, audio and tracks cached on the device shall be encrypted and restricted in reading.",
  ],
  "PRV-EQP-05": [
    "设备回传的运行和使用数据宜只用于声明的用途，并定期核查。",
    "Telemetry of devices should be used for stated purposes only and checked regularly.",
  ],
  "PRV-EQP-06": [
    "设备转让或报废前，应清除个人信息并留存验证记录。",
    "Before transfer or scrapping, personal information shall be erased with a record that proves it.",
  ],
  "PRV-SRV-01": [
    "委托处理、共享、公开披露个人信息应有评估、协议和记录。",
    "Entrusted processing, sharing and disclosure of personal information shall be assessed, contracted and recorded.",
  ],
  "PRV-SRV-02": [
    "运营单位应为用户提供便捷的撤回同意、查询、更正、删除和注销方式，不应设置不合理条件。",
    "The operator shall give users an easy way to withdraw consent, view, correct, delete and close accounts without unfair conditions.",
  ],
  "PRV-SRV-03": [
    "上线前应核查第三方组件、开发包和接口的数据收集行为。",
    "Third-party components, development kits and interfaces shall be checked for data collection before go-live.",
  ],
  "PRV-SRV-04": [
    "后台查看个人信息应默认脱敏、按需授权并记录查询原因。",
    "Personal information shall be masked by default in back-office views, shown on authorisation, with the reason recorded.",
  ],
  "PRV-SRV-05": [
    "运营单位应监测批量导出等异常，发生泄露后按时限通报监管部门和当事人。",
    "The operator shall watch for bulk exports and similar anomalies and shall inform the regulator and those concerned in time after a leak.",
  ],
  "PRV-SRV-06": [
    "服务停止或更换运营方时，宜停止收集、通知用户并移交或删除数据。",
    "When service stops or the operator changes, collection should stop, users should be told, and data should be handed over or deleted.",
  ],
};
export const clauseTexts: Readonly<Record<string, Text>> = { ...supervision, ...identity, ...network, ...privacy };

const monitoring = new Set([
  "SUP-SOL-05",
  "SUP-SOL-06",
  "IDN-SOL-05",
  "NET-SOL-05",
  "NET-SOL-06",
  "NET-SRV-05",
  "PRV-SRV-05",
]);
const change = new Set([
  "SUP-EQP-06",
  "SUP-SRV-06",
  "IDN-SOL-06",
  "IDN-EQP-06",
  "NET-EQP-06",
  "NET-SRV-06",
  "PRV-SOL-06",
  "PRV-EQP-06",
  "PRV-SRV-06",
]);
const improvement = new Set(["SUP-SRV-05", "PRV-SOL-05", "IDN-SRV-05"]);
/** The chapter in which a clause on a control belongs. */
export function chapterOf(control: { id: string; lifecycle: "design" | "acceptance" | "operation" }): ClauseChapter {
  if (monitoring.has(control.id)) return "monitoring";
  if (change.has(control.id)) return "change";
  if (improvement.has(control.id)) return "improvement";
  return control.lifecycle;
}

/** Clauses that hold whatever the pilots find: principles of the action plan. They say that they have no evidence. */
export const generalClauses: readonly { titleZh: string; titleEn: string; text: Text }[] = [
  {
    titleZh: "职责",
    titleEn: "Duties",
    text: [
      "建设单位、运营单位、供应商和检测机构应以书面形式明确各自的安全职责。",
      "Owners, operators, suppliers and testing institutions shall each lay down their security duties in writing.",
    ],
  },
  {
    titleZh: "全过程管理",
    titleEn: "Whole lifecycle",
    text: [
      "系统解决方案、核心设备和运营服务的安全评估应贯穿设计研发、竣工验收和运营各阶段。",
      "Security assessment of solutions, core equipment and services shall run through design, acceptance and operation.",
    ],
  },
  {
    titleZh: "长效机制",
    titleEn: "Lasting mechanism",
    text: [
      "运营单位应建立发现、防御、替换相结合的安全管理机制，并每年评审一次。",
      "The operator shall set up a security mechanism that joins discovery, defence and replacement and shall review it every year.",
    ],
  },
];
