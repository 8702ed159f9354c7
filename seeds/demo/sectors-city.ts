/** Sites of public safety, urban management and work safety. */
import { a, n, s, type SectorBank, site } from "./system-kinds.ts";

export const psf: SectorBank = {
  code: "PSF",
  regulator: n("公共安全物联网安全试点办公室", "Public Safety IoT Pilot Office"),
  sites: [
    site(
      "{city}消防救援支队",
      "{city} Fire and Rescue",
      s(
        "重点单位消防物联监测系统",
        "Fire monitoring of key premises",
        n(
          "接入重点单位的火灾报警、消防水压和电气火灾监测。",
          "Fire alarms, hydrant pressure and electrical fire monitoring of key premises.",
        ),
        3,
        [4200, 12_000],
        false,
        [
          a("用户信息传输装置", "User information transmitter", "equipment", "gateway", [2, 5, 5], 0.4),
          a("消防水压监测终端", "Hydrant pressure sensor", "equipment", "sensor", [2, 4, 4]),
        ],
      ),
    ),
    site(
      "{city}公安局科技信息化处",
      "{city} Public Security, Technology Division",
      s(
        "治安视频联网系统",
        "Public security video network",
        n(
          "治安卡口与公共区域视频联网、结构化分析与调阅。",
          "Networked video of checkpoints and public areas, analysis and retrieval.",
        ),
        3,
        [5200, 16_000],
        true,
        [
          a("前端摄像机", "Camera", "equipment", "video", [4, 4, 4], 0.2),
          a("视频联网平台", "Video platform", "solution", "platform", [5, 5, 5], 0.5),
          a("人脸比对服务", "Face matching service", "service", "cloud", [5, 5, 4], 0.6),
        ],
      ),
    ),
    site(
      "{city}市应急指挥中心",
      "{city} Emergency Command Centre",
      s(
        "城市应急感知网",
        "City emergency sensing network",
        n(
          "汇聚气象、水文、地质和危化品运输感知数据，支撑应急指挥。",
          "Weather, water, geology and hazardous transport data for command.",
        ),
        4,
        [1600, 4200],
        false,
        [
          a("应急卫星终端", "Emergency satellite terminal", "equipment", "network", [4, 5, 5], 0.7),
          a("应急数据汇聚平台", "Emergency data platform", "solution", "platform", [4, 5, 5]),
        ],
      ),
    ),
    site(
      "{city}地质灾害防治中心",
      "{city} Geological Hazard Centre",
      s(
        "滑坡泥石流监测预警系统",
        "Landslide and debris flow warning",
        n(
          "隐患点位移、雨量、泥位监测与分级预警。",
          "Displacement, rain and mud level monitoring with graded warnings.",
        ),
        3,
        [480, 1500],
        false,
        [
          a("位移监测站", "Displacement station", "equipment", "sensor", [2, 5, 5], 0.4),
          a("预警广播终端", "Warning loudspeaker", "equipment", "control", [1, 5, 5]),
        ],
      ),
    ),
    site(
      "{city}疾病预防控制中心",
      "{city} Centre for Disease Control",
      s(
        "疫苗冷链监测系统",
        "Vaccine cold chain monitoring",
        n(
          "冷库、冷藏车和接种点温度全程记录与超温告警。",
          "Temperature records from cold store to clinic, with alarms.",
        ),
        2,
        [1200, 3800],
        true,
        [
          a("温度记录仪", "Temperature logger", "equipment", "sensor", [2, 5, 4]),
          a("冷链追溯平台", "Cold chain traceability platform", "solution", "platform", [4, 5, 4]),
        ],
      ),
    ),
    site(
      "{city}大型活动安保服务中心",
      "{city} Event Security Centre",
      s(
        "场馆人员密度监测系统",
        "Venue crowd monitoring",
        n("出入口计数、区域密度和疏散引导。", "Entry counts, density and guided evacuation."),
        2,
        [300, 900],
        true,
        [
          a("客流计数终端", "People counter", "equipment", "video", [4, 4, 4]),
          a("疏散引导屏", "Evacuation display", "equipment", "control", [1, 5, 5]),
        ],
      ),
    ),
  ],
};
export const urb: SectorBank = {
  code: "URB",
  regulator: n("城市管理物联网安全试点办公室", "Urban Management IoT Pilot Office"),
  sites: [
    site(
      "{city}水务集团有限公司",
      "{city} Water Group",
      s(
        "供水管网与水质监测系统",
        "Water network and quality monitoring",
        n(
          "水厂出水、管网压力、二次供水水质在线监测与调度。",
          "Online monitoring of plant output, pressure and water quality.",
        ),
        3,
        [2200, 6400],
        false,
        [
          a("水质在线分析仪", "Water quality analyser", "equipment", "sensor", [2, 5, 5], 0.5),
          a("泵站控制器", "Pump controller", "equipment", "control", [2, 5, 5], 0.5),
          a("供水调度平台", "Water dispatch platform", "solution", "platform", [4, 5, 5]),
        ],
      ),
    ),
    site(
      "{city}城市照明管理中心",
      "{city} Street Lighting",
      s(
        "智慧路灯系统",
        "Smart street lighting",
        n("单灯控制、漏电监测与多杆合一挂载管理。", "Single-lamp control, leakage monitoring and shared poles."),
        2,
        [18_000, 52_000],
        false,
        [
          a("单灯控制器", "Lamp controller", "equipment", "control", [1, 4, 3], 0.3),
          a("集中控制器", "Concentrator", "equipment", "gateway", [2, 4, 4]),
        ],
      ),
    ),
    site(
      "{city}停车发展有限公司",
      "{city} Parking Development",
      s(
        "路内停车管理系统",
        "On-street parking management",
        n("泊位检测、车牌识别、无感支付与欠费追缴。", "Bay detection, plate recognition, payment and collection."),
        2,
        [6000, 21_000],
        true,
        [
          a("地磁泊位检测器", "Parking bay sensor", "equipment", "sensor", [2, 3, 3]),
          a("高位视频设备", "Elevated camera", "equipment", "video", [4, 4, 3]),
          a("停车收费平台", "Parking billing platform", "solution", "platform", [5, 5, 4]),
        ],
      ),
    ),
    site(
      "{city}排水管理处",
      "{city} Drainage Administration",
      s(
        "内涝监测与泵站联动系统",
        "Flood monitoring and pump control",
        n(
          "易涝点、下穿通道和雨水管网液位监测，泵站联动与道路封闭提示。",
          "Level monitoring of flood spots with pump and road closure control.",
        ),
        3,
        [800, 2300],
        false,
        [
          a("电子水尺", "Electronic water gauge", "equipment", "sensor", [1, 5, 5]),
          a("泵站联动控制器", "Pump linkage controller", "equipment", "control", [2, 5, 5], 0.5),
        ],
      ),
    ),
    site(
      "{city}环境卫生管理中心",
      "{city} Sanitation Centre",
      s(
        "垃圾收运监管系统",
        "Waste collection supervision",
        n("收运车辆称重、定位和转运站除臭监测。", "Weighing, positioning and odour control of waste transfer."),
        2,
        [900, 2800],
        false,
        [
          a("车载称重终端", "On-board scale", "equipment", "sensor", [1, 4, 3]),
          a("收运监管平台", "Collection platform", "solution", "platform", [3, 4, 3]),
        ],
      ),
    ),
    site(
      "{city}电梯安全监测中心",
      "{city} Lift Safety Centre",
      s(
        "电梯物联网监测系统",
        "Lift monitoring",
        n("电梯运行状态、困人告警与维保签到。", "Lift status, entrapment alarms and maintenance check-in."),
        2,
        [5200, 14_000],
        true,
        [
          a("电梯监测终端", "Lift monitor", "equipment", "gateway", [3, 5, 5], 0.4),
          a("轿厢视频设备", "Car camera", "equipment", "video", [5, 3, 3]),
        ],
      ),
    ),
    site(
      "{city}桥隧养护有限公司",
      "{city} Bridge and Tunnel Maintenance",
      s(
        "桥梁结构健康监测系统",
        "Bridge structural health monitoring",
        n("主桥应变、挠度、索力监测与超限预警。", "Strain, deflection and cable force with limit warnings."),
        3,
        [420, 1300],
        false,
        [
          a("光纤应变传感器", "Fibre strain sensor", "equipment", "sensor", [1, 5, 4], 0.6),
          a("数据采集站", "Data acquisition station", "equipment", "gateway", [2, 5, 4]),
        ],
      ),
    ),
  ],
};
export const wsf: SectorBank = {
  code: "WSF",
  regulator: n("安全生产物联网安全试点办公室", "Work Safety IoT Pilot Office"),
  sites: [
    site(
      "{city}煤业集团有限公司",
      "{city} Coal Group",
      s(
        "井下安全监控系统",
        "Underground safety monitoring",
        n("瓦斯、一氧化碳、风速监测与断电闭锁。", "Gas, carbon monoxide and airflow monitoring with power interlock."),
        4,
        [1400, 4600],
        false,
        [
          a("甲烷传感器", "Methane sensor", "equipment", "sensor", [1, 5, 5], 0.4),
          a("监控分站", "Monitoring substation", "equipment", "gateway", [2, 5, 5], 0.5),
        ],
      ),
      s(
        "井下人员定位系统",
        "Underground personnel positioning",
        n("入井人员定位、超员和滞留告警。", "Positioning of miners, overcrowding and overstay alarms."),
        3,
        [2000, 6000],
        true,
        [
          a("人员标识卡", "Personnel tag", "equipment", "sensor", [4, 4, 4]),
          a("定位基站", "Positioning base station", "equipment", "network", [2, 4, 5], 0.5),
        ],
      ),
    ),
    site(
      "{city}化工园区管理委员会",
      "{city} Chemical Park Authority",
      s(
        "重大危险源监测系统",
        "Major hazard monitoring",
        n(
          "储罐液位、压力、可燃有毒气体监测与应急联动。",
          "Tank level, pressure and gas monitoring with emergency linkage.",
        ),
        4,
        [2600, 7200],
        false,
        [
          a("可燃气体探测器", "Combustible gas detector", "equipment", "sensor", [1, 5, 5]),
          a("紧急切断系统", "Emergency shut-down system", "solution", "control", [2, 5, 5], 0.7),
        ],
      ),
    ),
    site(
      "{city}烟花爆竹专营有限公司",
      "{city} Fireworks Trading",
      s(
        "仓储安全监测系统",
        "Warehouse safety monitoring",
        n("库区温湿度、静电、入侵与视频监测。", "Temperature, static, intrusion and video monitoring of stores."),
        2,
        [240, 760],
        false,
        [
          a("温湿度静电监测器", "Temperature and static monitor", "equipment", "sensor", [1, 5, 4]),
          a("库区摄像机", "Store camera", "equipment", "video", [3, 4, 4]),
        ],
      ),
    ),
    site(
      "{city}钢铁有限责任公司",
      "{city} Iron and Steel",
      s(
        "煤气区域安全监测系统",
        "Gas area safety monitoring",
        n("煤气区域固定与便携检测、人员入区管理。", "Fixed and portable gas detection and entry control."),
        3,
        [1100, 3300],
        true,
        [
          a("便携式气体检测仪", "Portable gas detector", "equipment", "sensor", [3, 5, 5]),
          a("区域门禁", "Area access control", "equipment", "control", [3, 4, 4]),
        ],
      ),
    ),
    site(
      "{city}尾矿库监管中心",
      "{city} Tailings Dam Centre",
      s(
        "尾矿库在线监测系统",
        "Tailings dam monitoring",
        n("坝体位移、浸润线、干滩与库水位监测预警。", "Displacement, seepage line, beach and water level warnings."),
        3,
        [260, 820],
        false,
        [
          a("浸润线监测仪", "Piezometer", "equipment", "sensor", [1, 5, 4], 0.4),
          a("坝体位移监测站", "Dam displacement station", "equipment", "sensor", [1, 5, 4]),
        ],
      ),
    ),
    site(
      "{city}危险品运输有限公司",
      "{city} Dangerous Goods Transport",
      s(
        "危险品车辆监控系统",
        "Dangerous goods vehicle monitoring",
        n("车辆定位、罐体压力、驾驶行为监测与电子围栏。", "Position, tank pressure, driver behaviour and geofences."),
        3,
        [600, 1900],
        true,
        [
          a("车载监控终端", "Vehicle monitor", "equipment", "gateway", [4, 5, 4]),
          a("罐体压力传感器", "Tank pressure sensor", "equipment", "sensor", [1, 5, 5]),
        ],
      ),
    ),
  ],
};
