/** Lessons of batch one and the clauses that grew out of them, by sector. */
import type { Dimension, Tags } from "#app/features/vocabulary.ts";

export type LessonText = { sector: string; dimension: Dimension; zh: string; en: string; decision: "adopted" | "adapted" | "refused"; reasonZh: string; reasonEn: string };
const l = (sector: string, dimension: Dimension, decision: LessonText["decision"], zh: string, en: string, reasonZh: string, reasonEn: string): LessonText => ({ sector, dimension, decision, zh, en, reasonZh, reasonEn });

export const lessons: readonly LessonText[] = [
  l("TEN", "identity", "adopted", "阀井内设备更换密钥需下井，单台平均四十分钟；密钥在线更新应在采购时就写入技术条款。", "Changing a key inside a valve chamber takes forty minutes a device; online key update belongs in the purchase terms.", "第二批采购文件已增加在线更新条款。", "Batch two tenders now ask for online update."),
  l("TEN", "network", "adopted", "调压站断网后远控阀保持上次状态，调度员看不到；断链状态要在平台上单独显示。", "When a regulator station lost its link the valve kept its last state unseen; loss of link needs its own display.", "第二批平台均增加断链状态显示。", "Batch two platforms show loss of link."),
  l("TEN", "supervision", "adapted", "四成远控阀只有一家能供，停产通知到货期不足半年；备选型号测试应与建设同步。", "Two in five remote valves had one maker and half a year's notice of end of sale; test alternatives while building.", "改为对新增点位强制、存量点位三年内完成。", "Binding for new points, within three years for existing ones."),
  l("TEN", "privacy", "refused", "燃气表用量曲线可推断住户作息，建议改为日冻结值上报。", "Gas use curves reveal when people are at home; report daily values instead.", "泄漏判别需小时数据，改以聚合和脱敏控制。", "Leak detection needs hourly data; aggregation and masking are used instead."),
  l("PSF", "privacy", "adopted", "摄像机维修时整机返厂，存储卡随机带出；应先取卡、登记、擦除再送修。", "Cameras went back to the maker with their memory cards; remove, record and erase first.", "第二批统一使用送修单并双人签字。", "Batch two uses a repair form with two signatures."),
  l("PSF", "identity", "adopted", "同一运维账号被三家分包商共用，无法追溯；按人开户后误操作定位由两天缩短到十分钟。", "Three subcontractors shared one account; personal accounts cut tracing from two days to ten minutes.", "列为第二批进场条件。", "A condition of entry in batch two."),
  l("PSF", "network", "adapted", "前端设备默认访问厂商云，切断后部分型号无法校时；应先建本地校时再封堵。", "Cameras called the maker's cloud and lost time when cut off; provide local time first.", "第二批先部署本地校时服务，再分批封堵。", "Local time service first, then blocking in steps."),
  l("PSF", "supervision", "adopted", "安全检查问题靠表格往来，超期无人知晓；编号限期后按期整改率提高约三十个百分点。", "Findings travelled in spreadsheets and ran late unseen; numbering and dates raised closing in time by thirty points.", "第二批沿用同一编号规则。", "Batch two keeps the numbering."),
  l("URB", "supervision", "adopted", "路灯控制器安装与台账由两家单位分别登记，账物相符率不足八成；改为扫码一次登记。", "Two bodies recorded the same lamp controllers, fewer than eight in ten agreed; one scan now records both.", "第二批全部扫码登记。", "All of batch two records by scan."),
  l("URB", "privacy", "adapted", "停车平台把车牌作主键写入日志，备份里长期保存；改为内部编号并定期清理。", "The parking platform keyed its logs by plate and kept them in backups; use internal numbers and purge.", "历史备份按季度分批清理。", "Old backups are purged by quarter."),
  l("URB", "network", "adopted", "泵站联动指令无防重放，测试中可重复开泵；加序号后重放全部被拒。", "Pump commands could be replayed; with sequence numbers all replays were refused.", "第二批联动控制均须带序号。", "Sequence numbers for all pump control in batch two."),
  l("URB", "identity", "refused", "建议所有单灯控制器改用证书鉴别。", "All lamp controllers should use certificates.", "存量控制器算力不足，改由集中控制器代为鉴别。", "Existing controllers are too weak; the concentrator authenticates for them."),
  l("WSF", "network", "adopted", "井下分站升级失败后需停产更换，一次影响六小时；双分区固件可自动回退。", "A failed upgrade underground stopped work for six hours; two firmware partitions roll back by themselves.", "第二批分站采购要求双分区。", "Batch two buys substations with two partitions."),
  l("WSF", "supervision", "adopted", "报警声光与平台告警不同步，值班员以现场为准；验收时应做端到端时延测试。", "Local and platform alarms disagreed; acceptance must measure delay from end to end.", "列入第二批验收用例。", "Part of the acceptance cases of batch two."),
  l("WSF", "privacy", "adapted", "人员定位轨迹被用于考勤，矿工抵触戴卡；轨迹用途应书面限定。", "Position tracks served attendance and miners avoided the tags; state the purpose in writing.", "考勤只取出入井时间，轨迹限安全用途。", "Attendance takes entry and exit only; tracks are for safety."),
  l("WSF", "identity", "adopted", "便携仪交接班换人不换号，数据对不上人；改为刷卡绑定后可追溯。", "Portable detectors changed hands but not users; binding by card made readings traceable.", "第二批全部绑定。", "All bound in batch two."),
  l("IND", "identity", "adopted", "设备厂商留有远程诊断账号，生产部门不知情；清查后关闭十七个。", "Makers kept remote accounts that production did not know; seventeen were closed.", "第二批上线前做账号认领。", "Batch two claims accounts before going live."),
  l("IND", "network", "adopted", "采集网关双网口直通办公网，绕过防火墙；改单向导入后数据延迟不足一秒。", "Gateways bridged to the office network past the firewall; one-way import costs less than a second.", "第二批采用单向导入。", "Batch two imports one way."),
  l("IND", "supervision", "adapted", "停机窗口少，补丁平均滞后七十天；按班次安排小批量升级可降到三周。", "Few windows and seventy days of delay; small upgrades by shift cut it to three weeks.", "连续生产线仍按检修期升级。", "Continuous lines still upgrade at overhauls."),
  l("IND", "privacy", "adopted", "门禁与考勤人脸数据分存两处，删除不同步；离厂后应一次清除。", "Face data stood in access and attendance systems and were deleted apart; erase once on leaving.", "第二批建立统一清除接口。", "One erasing interface in batch two."),
];

export type ClauseText = Tags & { sector: string; controlId: string; headingZh: string; headingEn: string; textZh: string; textEn: string; /** No pilot supports it, said on purpose. */ evidenceNone: boolean };
type Row = readonly [sector: string, controlId: string, Tags["dimension"], Tags["object"], Tags["lifecycle"], Tags["mechanism"], headingZh: string, headingEn: string, textZh: string, textEn: string, evidenceNone?: true];
const rows: readonly Row[] = [
  ["TEN", "IDN-EQP-02", "identity", "equipment", "design", "replace", "密钥在线更新", "Online key update", "外场设备的密钥应能在线更新，更新过程不应中断安全功能。", "Keys of field devices shall be updated online without interrupting the safety function."],
  ["TEN", "NET-SOL-02", "network", "solution", "design", "replace", "断链状态显示", "Loss of link", "平台应在一分钟内显示设备断链，并保留断链前的最后状态。", "The platform shall show loss of link within one minute and keep the last known state."],
  ["TEN", "SUP-EQP-02", "supervision", "equipment", "design", "replace", "备选型号", "Alternative models", "单一来源的核心设备应有通过测试的备选型号，存量设备宜在三年内完成。", "Single-source core equipment shall have a tested alternative model."],
  ["PSF", "PRV-EQP-02", "privacy", "equipment", "design", "replace", "送修清除", "Erasure before repair", "设备送修前应取出或擦除存储介质，并留存双人签字的记录。", "Storage shall be removed or erased before repair, with a record signed by two persons."],
  ["PSF", "IDN-SRV-01", "identity", "service", "design", "defend", "按人开户", "Personal accounts", "运维账号应按人开设，不应由多人或多家单位共用。", "Maintenance accounts shall be personal and shall not be shared."],
  ["PSF", "NET-SRV-04", "network", "service", "acceptance", "defend", "外联封堵", "Outgoing addresses", "前端设备不应访问未登记的外部地址，校时服务宜设在本地。", "Front-end devices shall not reach unregistered addresses."],
  ["URB", "SUP-EQP-04", "supervision", "equipment", "acceptance", "defend", "一次登记", "Recorded once", "设备安装时应扫码登记编号、位置和责任人，一次登记各方共用。", "Number, place and owner shall be recorded by scan at installation, once for all parties."],
  ["URB", "NET-EQP-04", "network", "equipment", "acceptance", "defend", "指令防重放", "Replay protection", "控制指令应带序号或时间戳，重放的指令应被拒绝并产生告警。", "Commands shall carry a sequence number or time stamp, and replayed ones shall be refused with an alarm."],
  ["URB", "PRV-SOL-02", "privacy", "solution", "design", "replace", "内部编号", "Internal numbers", "日志和备份中宜以内部编号代替车牌号、证件号等标识。", "Logs and backups should carry internal numbers instead of plates or identity numbers."],
  ["WSF", "NET-EQP-06", "network", "equipment", "operation", "replace", "升级回退", "Rollback", "安全监控设备升级失败时应自动回到上一可用版本。", "Safety monitoring devices shall return to the last working version when an upgrade fails."],
  ["WSF", "SUP-SOL-03", "supervision", "solution", "acceptance", "discover", "端到端时延", "End-to-end delay", "验收时应测量从现场报警到平台告警的时延，并写入测试报告。", "Acceptance shall measure the delay from local to platform alarm and put it in the report."],
  ["WSF", "PRV-SOL-01", "privacy", "solution", "design", "defend", "轨迹用途", "Purpose of tracks", "人员轨迹只用于安全目的，其他用途应另行取得书面同意。", "Tracks of persons shall serve safety only unless agreed otherwise in writing."],
  ["IND", "IDN-SRV-03", "identity", "service", "acceptance", "discover", "账号认领", "Claimed accounts", "上线前应逐一认领全部账号，无人认领的账号应停用。", "All accounts shall be claimed before going live, and unclaimed ones shall be disabled."],
  ["IND", "NET-SOL-01", "network", "solution", "design", "defend", "单向导入", "One-way import", "生产网向办公网传送数据宜采用单向导入。", "Data from production to office networks should pass through one-way import."],
  ["IND", "PRV-SRV-06", "privacy", "service", "operation", "replace", "离厂清除", "Erasure on leaving", "人员离厂后，其生物特征信息应在十五日内从各系统一并清除。", "Biometric data shall be erased from all systems within fifteen days of leaving.", true],
];
export const clauseTexts: readonly ClauseText[] = rows.map(([sector, controlId, dimension, object, lifecycle, mechanism, headingZh, headingEn, textZh, textEn, evidenceNone]) => ({
  sector, controlId, dimension, object, lifecycle, mechanism, headingZh, headingEn, textZh, textEn, evidenceNone: evidenceNone ?? false,
}));
