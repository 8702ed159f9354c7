/** What the sectors of the demo programme run: sites, their systems, and the kinds of assets in them. */
import type { ObjectKind } from "#app/features/vocabulary.ts";
import type { Named, SupplierKind } from "./bank.ts";

export type AssetKind = Named & { object: ObjectKind; supplier: SupplierKind; /** Confidentiality, integrity, availability as a rule, 1–5. */ cia: readonly [number, number, number]; /** How often only one supplier can deliver it. */ single: number };
export type SystemKind = Named & { about: Named; grade: 2 | 3 | 4; devices: readonly [number, number]; personal: boolean; assets: readonly AssetKind[] };
export type SiteKind = { name: Named; systems: readonly SystemKind[] };
export type SectorBank = { code: string; regulator: Named; sites: readonly SiteKind[] };

const n = (zh: string, en: string): Named => ({ zh, en });
const a = (zh: string, en: string, object: ObjectKind, supplier: SupplierKind, cia: readonly [number, number, number], single = 0.25): AssetKind => ({ zh, en, object, supplier, cia, single });
const s = (zh: string, en: string, about: Named, grade: 2 | 3 | 4, devices: readonly [number, number], personal: boolean, assets: readonly AssetKind[]): SystemKind => ({ zh, en, about, grade, devices, personal, assets });
const site = (zh: string, en: string, ...systems: SystemKind[]): SiteKind => ({ name: n(zh, en), systems });

/** Every system has these besides its own. */
export const common: readonly AssetKind[] = [
  a("系统总体方案与网络拓扑", "Overall design and topology", "solution", "platform", [3, 4, 3], 0.1),
  a("身份与密钥管理方案", "Identity and key management design", "solution", "crypto", [5, 5, 4], 0.6),
  a("边缘网关", "Edge gateway", "equipment", "gateway", [3, 4, 4], 0.35),
  a("云平台托管服务", "Hosted cloud platform", "service", "cloud", [4, 4, 5], 0.3),
  a("驻场与远程运维服务", "On-site and remote maintenance", "service", "service", [4, 4, 3], 0.2),
];

const ten: SectorBank = {
  code: "TEN",
  regulator: n("交通能源物联网安全试点办公室", "Transport and Energy IoT Pilot Office"),
  sites: [
    site("{city}天然气集团有限公司", "{city} Natural Gas Group", s("城市燃气管网监测系统", "City gas network monitoring", n("对调压站、阀井和高中压管线的压力、流量和泄漏进行在线监测，异常时远程关阀。", "Online monitoring of pressure, flow and leaks with remote valve closing."), 3, [1800, 5200], false, [a("泄漏监测终端", "Leak detector", "equipment", "sensor", [2, 5, 5]), a("远控切断阀", "Remote shut-off valve", "equipment", "control", [2, 5, 5], 0.6), a("管网调度平台", "Network dispatch platform", "solution", "platform", [4, 5, 5])]),
      s("用户智能燃气表系统", "Smart gas metering", n("居民和工商户远传抄表、预付费和异常用气告警。", "Remote meter reading, prepayment and alarms for households and businesses."), 2, [60_000, 180_000], true, [a("物联网燃气表", "Connected gas meter", "equipment", "sensor", [4, 4, 3], 0.3), a("抄表结算平台", "Meter billing platform", "solution", "platform", [5, 5, 4])])),
    site("{city}轨道交通运营有限公司", "{city} Metro Operations", s("车站环境与设备监控系统", "Station environment and equipment monitoring", n("对车站通风、照明、扶梯和区间排水设备集中监控。", "Central monitoring of ventilation, lighting, escalators and tunnel drainage."), 3, [2600, 7400], false, [a("区间水位传感器", "Tunnel water level sensor", "equipment", "sensor", [2, 4, 5]), a("设备监控控制器", "Equipment controller", "equipment", "control", [3, 5, 5], 0.5)])),
    site("{city}供电公司", "{city} Power Supply Company", s("配电网状态感知系统", "Distribution network sensing", n("对配电房、环网柜和架空线路的温度、局放和故障电流进行监测。", "Monitoring of temperature, partial discharge and fault current."), 4, [3200, 9800], false, [a("故障指示器", "Fault indicator", "equipment", "sensor", [2, 5, 4]), a("配电物联主站", "Distribution IoT master station", "solution", "platform", [4, 5, 5], 0.5)])),
    site("{city}港口集团有限公司", "{city} Port Group", s("集装箱码头设备互联系统", "Container terminal equipment network", n("岸桥、场桥和集卡的定位、作业指令下发与设备健康监测。", "Positioning, work orders and health of cranes and trucks."), 3, [900, 2400], false, [a("集卡定位终端", "Truck positioning terminal", "equipment", "sensor", [3, 4, 4]), a("场桥远程操控系统", "Yard crane remote control", "solution", "control", [3, 5, 5], 0.7)])),
    site("{city}公共交通集团有限公司", "{city} Public Transport Group", s("公交车联网调度系统", "Connected bus dispatch", n("公交车辆定位、车况、客流与视频回传和智能排班。", "Bus positioning, condition, passenger counts, video and scheduling."), 2, [1400, 3600], true, [a("车载终端", "On-board unit", "equipment", "gateway", [3, 4, 4]), a("车厢视频设备", "In-vehicle camera", "equipment", "video", [5, 3, 3])])),
    site("{city}高速公路运营管理有限公司", "{city} Expressway Management", s("隧道安全监测系统", "Tunnel safety monitoring", n("隧道火灾、一氧化碳、能见度监测与交通诱导联动。", "Fire, gas and visibility monitoring linked with traffic guidance."), 3, [1100, 2900], false, [a("火灾探测光纤主机", "Fibre fire detector", "equipment", "sensor", [2, 5, 5], 0.6), a("可变情报板", "Variable message sign", "equipment", "control", [2, 4, 3])])),
    site("{city}热力有限责任公司", "{city} District Heating", s("换热站无人值守系统", "Unattended heat exchange stations", n("换热站温度压力采集、循环泵远程启停和二次网平衡。", "Heat station telemetry, remote pumps and secondary balancing."), 2, [700, 2100], false, [a("换热站控制柜", "Heat station controller", "equipment", "control", [2, 5, 5], 0.4), a("室温采集器", "Room temperature logger", "equipment", "sensor", [3, 3, 2])])),
  ],
};
const psf: SectorBank = {
  code: "PSF",
  regulator: n("公共安全物联网安全试点办公室", "Public Safety IoT Pilot Office"),
  sites: [
    site("{city}消防救援支队", "{city} Fire and Rescue", s("重点单位消防物联监测系统", "Fire monitoring of key premises", n("接入重点单位的火灾报警、消防水压和电气火灾监测。", "Fire alarms, hydrant pressure and electrical fire monitoring of key premises."), 3, [4200, 12_000], false, [a("用户信息传输装置", "User information transmitter", "equipment", "gateway", [2, 5, 5], 0.4), a("消防水压监测终端", "Hydrant pressure sensor", "equipment", "sensor", [2, 4, 4])])),
    site("{city}公安局科技信息化处", "{city} Public Security, Technology Division", s("治安视频联网系统", "Public security video network", n("治安卡口与公共区域视频联网、结构化分析与调阅。", "Networked video of checkpoints and public areas, analysis and retrieval."), 3, [5200, 16_000], true, [a("前端摄像机", "Camera", "equipment", "video", [4, 4, 4], 0.2), a("视频联网平台", "Video platform", "solution", "platform", [5, 5, 5], 0.5), a("人脸比对服务", "Face matching service", "service", "cloud", [5, 5, 4], 0.6)])),
    site("{city}市应急指挥中心", "{city} Emergency Command Centre", s("城市应急感知网", "City emergency sensing network", n("汇聚气象、水文、地质和危化品运输感知数据，支撑应急指挥。", "Weather, water, geology and hazardous transport data for command."), 4, [1600, 4200], false, [a("应急卫星终端", "Emergency satellite terminal", "equipment", "network", [4, 5, 5], 0.7), a("应急数据汇聚平台", "Emergency data platform", "solution", "platform", [4, 5, 5])])),
    site("{city}地质灾害防治中心", "{city} Geological Hazard Centre", s("滑坡泥石流监测预警系统", "Landslide and debris flow warning", n("隐患点位移、雨量、泥位监测与分级预警。", "Displacement, rain and mud level monitoring with graded warnings."), 3, [480, 1500], false, [a("位移监测站", "Displacement station", "equipment", "sensor", [2, 5, 5], 0.4), a("预警广播终端", "Warning loudspeaker", "equipment", "control", [1, 5, 5])])),
    site("{city}疾病预防控制中心", "{city} Centre for Disease Control", s("疫苗冷链监测系统", "Vaccine cold chain monitoring", n("冷库、冷藏车和接种点温度全程记录与超温告警。", "Temperature records from cold store to clinic, with alarms."), 2, [1200, 3800], true, [a("温度记录仪", "Temperature logger", "equipment", "sensor", [2, 5, 4]), a("冷链追溯平台", "Cold chain traceability platform", "solution", "platform", [4, 5, 4])])),
    site("{city}大型活动安保服务中心", "{city} Event Security Centre", s("场馆人员密度监测系统", "Venue crowd monitoring", n("出入口计数、区域密度和疏散引导。", "Entry counts, density and guided evacuation."), 2, [300, 900], true, [a("客流计数终端", "People counter", "equipment", "video", [4, 4, 4]), a("疏散引导屏", "Evacuation display", "equipment", "control", [1, 5, 5])])),
  ],
};
const urb: SectorBank = {
  code: "URB",
  regulator: n("城市管理物联网安全试点办公室", "Urban Management IoT Pilot Office"),
  sites: [
    site("{city}水务集团有限公司", "{city} Water Group", s("供水管网与水质监测系统", "Water network and quality monitoring", n("水厂出水、管网压力、二次供水水质在线监测与调度。", "Online monitoring of plant output, pressure and water quality."), 3, [2200, 6400], false, [a("水质在线分析仪", "Water quality analyser", "equipment", "sensor", [2, 5, 5], 0.5), a("泵站控制器", "Pump controller", "equipment", "control", [2, 5, 5], 0.5), a("供水调度平台", "Water dispatch platform", "solution", "platform", [4, 5, 5])])),
    site("{city}城市照明管理中心", "{city} Street Lighting", s("智慧路灯系统", "Smart street lighting", n("单灯控制、漏电监测与多杆合一挂载管理。", "Single-lamp control, leakage monitoring and shared poles."), 2, [18_000, 52_000], false, [a("单灯控制器", "Lamp controller", "equipment", "control", [1, 4, 3], 0.3), a("集中控制器", "Concentrator", "equipment", "gateway", [2, 4, 4])])),
    site("{city}停车发展有限公司", "{city} Parking Development", s("路内停车管理系统", "On-street parking management", n("泊位检测、车牌识别、无感支付与欠费追缴。", "Bay detection, plate recognition, payment and collection."), 2, [6000, 21_000], true, [a("地磁泊位检测器", "Parking bay sensor", "equipment", "sensor", [2, 3, 3]), a("高位视频设备", "Elevated camera", "equipment", "video", [4, 4, 3]), a("停车收费平台", "Parking billing platform", "solution", "platform", [5, 5, 4])])),
    site("{city}排水管理处", "{city} Drainage Administration", s("内涝监测与泵站联动系统", "Flood monitoring and pump control", n("易涝点、下穿通道和雨水管网液位监测，泵站联动与道路封闭提示。", "Level monitoring of flood spots with pump and road closure control."), 3, [800, 2300], false, [a("电子水尺", "Electronic water gauge", "equipment", "sensor", [1, 5, 5]), a("泵站联动控制器", "Pump linkage controller", "equipment", "control", [2, 5, 5], 0.5)])),
    site("{city}环境卫生管理中心", "{city} Sanitation Centre", s("垃圾收运监管系统", "Waste collection supervision", n("收运车辆称重、定位和转运站除臭监测。", "Weighing, positioning and odour control of waste transfer."), 2, [900, 2800], false, [a("车载称重终端", "On-board scale", "equipment", "sensor", [1, 4, 3]), a("收运监管平台", "Collection platform", "solution", "platform", [3, 4, 3])])),
    site("{city}电梯安全监测中心", "{city} Lift Safety Centre", s("电梯物联网监测系统", "Lift monitoring", n("电梯运行状态、困人告警与维保签到。", "Lift status, entrapment alarms and maintenance check-in."), 2, [5200, 14_000], true, [a("电梯监测终端", "Lift monitor", "equipment", "gateway", [3, 5, 5], 0.4), a("轿厢视频设备", "Car camera", "equipment", "video", [5, 3, 3])])),
    site("{city}桥隧养护有限公司", "{city} Bridge and Tunnel Maintenance", s("桥梁结构健康监测系统", "Bridge structural health monitoring", n("主桥应变、挠度、索力监测与超限预警。", "Strain, deflection and cable force with limit warnings."), 3, [420, 1300], false, [a("光纤应变传感器", "Fibre strain sensor", "equipment", "sensor", [1, 5, 4], 0.6), a("数据采集站", "Data acquisition station", "equipment", "gateway", [2, 5, 4])])),
  ],
};
const wsf: SectorBank = {
  code: "WSF",
  regulator: n("安全生产物联网安全试点办公室", "Work Safety IoT Pilot Office"),
  sites: [
    site("{city}煤业集团有限公司", "{city} Coal Group", s("井下安全监控系统", "Underground safety monitoring", n("瓦斯、一氧化碳、风速监测与断电闭锁。", "Gas, carbon monoxide and airflow monitoring with power interlock."), 4, [1400, 4600], false, [a("甲烷传感器", "Methane sensor", "equipment", "sensor", [1, 5, 5], 0.4), a("监控分站", "Monitoring substation", "equipment", "gateway", [2, 5, 5], 0.5)]),
      s("井下人员定位系统", "Underground personnel positioning", n("入井人员定位、超员和滞留告警。", "Positioning of miners, overcrowding and overstay alarms."), 3, [2000, 6000], true, [a("人员标识卡", "Personnel tag", "equipment", "sensor", [4, 4, 4]), a("定位基站", "Positioning base station", "equipment", "network", [2, 4, 5], 0.5)])),
    site("{city}化工园区管理委员会", "{city} Chemical Park Authority", s("重大危险源监测系统", "Major hazard monitoring", n("储罐液位、压力、可燃有毒气体监测与应急联动。", "Tank level, pressure and gas monitoring with emergency linkage."), 4, [2600, 7200], false, [a("可燃气体探测器", "Combustible gas detector", "equipment", "sensor", [1, 5, 5]), a("紧急切断系统", "Emergency shut-down system", "solution", "control", [2, 5, 5], 0.7)])),
    site("{city}烟花爆竹专营有限公司", "{city} Fireworks Trading", s("仓储安全监测系统", "Warehouse safety monitoring", n("库区温湿度、静电、入侵与视频监测。", "Temperature, static, intrusion and video monitoring of stores."), 2, [240, 760], false, [a("温湿度静电监测器", "Temperature and static monitor", "equipment", "sensor", [1, 5, 4]), a("库区摄像机", "Store camera", "equipment", "video", [3, 4, 4])])),
    site("{city}钢铁有限责任公司", "{city} Iron and Steel", s("煤气区域安全监测系统", "Gas area safety monitoring", n("煤气区域固定与便携检测、人员入区管理。", "Fixed and portable gas detection and entry control."), 3, [1100, 3300], true, [a("便携式气体检测仪", "Portable gas detector", "equipment", "sensor", [3, 5, 5]), a("区域门禁", "Area access control", "equipment", "control", [3, 4, 4])])),
    site("{city}尾矿库监管中心", "{city} Tailings Dam Centre", s("尾矿库在线监测系统", "Tailings dam monitoring", n("坝体位移、浸润线、干滩与库水位监测预警。", "Displacement, seepage line, beach and water level warnings."), 3, [260, 820], false, [a("浸润线监测仪", "Piezometer", "equipment", "sensor", [1, 5, 4], 0.4), a("坝体位移监测站", "Dam displacement station", "equipment", "sensor", [1, 5, 4])])),
    site("{city}危险品运输有限公司", "{city} Dangerous Goods Transport", s("危险品车辆监控系统", "Dangerous goods vehicle monitoring", n("车辆定位、罐体压力、驾驶行为监测与电子围栏。", "Position, tank pressure, driver behaviour and geofences."), 3, [600, 1900], true, [a("车载监控终端", "Vehicle monitor", "equipment", "gateway", [4, 5, 4]), a("罐体压力传感器", "Tank pressure sensor", "equipment", "sensor", [1, 5, 5])])),
  ],
};
const ind: SectorBank = {
  code: "IND",
  regulator: n("工业物联网安全试点办公室", "Industrial IoT Pilot Office"),
  sites: [
    site("{city}重型机械有限公司", "{city} Heavy Machinery", s("机床联网与能效系统", "Machine tool network and energy", n("数控机床联网采集、程序下发与能效分析。", "Machine data, program download and energy analysis."), 3, [260, 900], false, [a("数控采集网关", "CNC gateway", "equipment", "gateway", [4, 5, 4], 0.5), a("程序下发服务器", "Program server", "equipment", "platform", [5, 5, 4])])),
    site("{city}汽车零部件有限公司", "{city} Auto Parts", s("产线质量追溯系统", "Line quality traceability", n("射频标签、拧紧与视觉检测数据追溯。", "RFID, tightening and vision data for traceability."), 2, [800, 2600], false, [a("射频读写器", "RFID reader", "equipment", "sensor", [2, 5, 4]), a("追溯平台", "Traceability platform", "solution", "platform", [4, 5, 4])])),
    site("{city}制药股份有限公司", "{city} Pharmaceuticals", s("洁净车间环境监测系统", "Clean room monitoring", n("压差、粒子、温湿度连续监测与批记录关联。", "Pressure, particles and climate tied to batch records."), 3, [420, 1500], false, [a("粒子计数器", "Particle counter", "equipment", "sensor", [2, 5, 4], 0.5), a("电子批记录系统", "Electronic batch record", "solution", "platform", [5, 5, 4], 0.4)])),
    site("{city}水泥有限公司", "{city} Cement", s("窑系统远程诊断", "Kiln remote diagnosis", n("窑体温度、振动、排放在线监测与远程专家诊断。", "Kiln temperature, vibration and emissions with remote experts."), 2, [300, 980], false, [a("无线振动传感器", "Wireless vibration sensor", "equipment", "sensor", [1, 4, 4]), a("远程诊断服务", "Remote diagnosis service", "service", "service", [3, 4, 3], 0.6)])),
    site("{city}电子科技园有限公司", "{city} Electronics Park", s("园区动力与安防系统", "Park utilities and security", n("特气、纯水、供电监测与门禁视频统一管理。", "Special gas, water and power monitoring with access and video."), 3, [1500, 4300], true, [a("特气侦测器", "Special gas detector", "equipment", "sensor", [1, 5, 5], 0.5), a("门禁控制器", "Door controller", "equipment", "control", [4, 4, 4])])),
    site("{city}纺织印染有限公司", "{city} Textile Dyeing", s("能源与排污监测系统", "Energy and discharge monitoring", n("蒸汽、用水、废水在线监测与定额管理。", "Steam, water and waste water monitoring with quotas."), 2, [180, 640], false, [a("废水在线监测仪", "Waste water analyser", "equipment", "sensor", [2, 5, 3]), a("能源管理平台", "Energy platform", "solution", "platform", [3, 4, 3])])),
  ],
};
/** Sectors of the demo programme, priority ones first. */
export const sectorBanks: readonly SectorBank[] = [ten, psf, urb, wsf, ind];
