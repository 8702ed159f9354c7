/** Sites of transport and energy, and of industry. */
import { a, n, s, type SectorBank, site } from "./system-kinds.ts";

export const ten: SectorBank = {
  code: "TEN",
  regulator: n("交通能源物联网安全试点办公室", "Transport and Energy IoT Pilot Office"),
  sites: [
    site(
      "{city}天然气集团有限公司",
      "{city} Natural Gas Group",
      s(
        "城市燃气管网监测系统",
        "City gas network monitoring",
        n(
          "对调压站、阀井和高中压管线的压力、流量和泄漏进行在线监测，异常时远程关阀。",
          "Online monitoring of pressure, flow and leaks with remote valve closing.",
        ),
        3,
        [1800, 5200],
        false,
        [
          a("泄漏监测终端", "Leak detector", "equipment", "sensor", [2, 5, 5]),
          a("远控切断阀", "Remote shut-off valve", "equipment", "control", [2, 5, 5], 0.6),
          a("管网调度平台", "Network dispatch platform", "solution", "platform", [4, 5, 5]),
        ],
      ),
      s(
        "用户智能燃气表系统",
        "Smart gas metering",
        n(
          "居民和工商户远传抄表、预付费和异常用气告警。",
          "Remote meter reading, prepayment and alarms for households and businesses.",
        ),
        2,
        [60_000, 180_000],
        true,
        [
          a("物联网燃气表", "Connected gas meter", "equipment", "sensor", [4, 4, 3], 0.3),
          a("抄表结算平台", "Meter billing platform", "solution", "platform", [5, 5, 4]),
        ],
      ),
    ),
    site(
      "{city}轨道交通运营有限公司",
      "{city} Metro Operations",
      s(
        "车站环境与设备监控系统",
        "Station environment and equipment monitoring",
        n(
          "对车站通风、照明、扶梯和区间排水设备集中监控。",
          "Central monitoring of ventilation, lighting, escalators and tunnel drainage.",
        ),
        3,
        [2600, 7400],
        false,
        [
          a("区间水位传感器", "Tunnel water level sensor", "equipment", "sensor", [2, 4, 5]),
          a("设备监控控制器", "Equipment controller", "equipment", "control", [3, 5, 5], 0.5),
        ],
      ),
    ),
    site(
      "{city}供电公司",
      "{city} Power Supply Company",
      s(
        "配电网状态感知系统",
        "Distribution network sensing",
        n(
          "对配电房、环网柜和架空线路的温度、局放和故障电流进行监测。",
          "Monitoring of temperature, partial discharge and fault current.",
        ),
        4,
        [3200, 9800],
        false,
        [
          a("故障指示器", "Fault indicator", "equipment", "sensor", [2, 5, 4]),
          a("配电物联主站", "Distribution IoT master station", "solution", "platform", [4, 5, 5], 0.5),
        ],
      ),
    ),
    site(
      "{city}港口集团有限公司",
      "{city} Port Group",
      s(
        "集装箱码头设备互联系统",
        "Container terminal equipment network",
        n(
          "岸桥、场桥和集卡的定位、作业指令下发与设备健康监测。",
          "Positioning, work orders and health of cranes and trucks.",
        ),
        3,
        [900, 2400],
        false,
        [
          a("集卡定位终端", "Truck positioning terminal", "equipment", "sensor", [3, 4, 4]),
          a("场桥远程操控系统", "Yard crane remote control", "solution", "control", [3, 5, 5], 0.7),
        ],
      ),
    ),
    site(
      "{city}公共交通集团有限公司",
      "{city} Public Transport Group",
      s(
        "公交车联网调度系统",
        "Connected bus dispatch",
        n(
          "公交车辆定位、车况、客流与视频回传和智能排班。",
          "Bus positioning, condition, passenger counts, video and scheduling.",
        ),
        2,
        [1400, 3600],
        true,
        [
          a("车载终端", "On-board unit", "equipment", "gateway", [3, 4, 4]),
          a("车厢视频设备", "In-vehicle camera", "equipment", "video", [5, 3, 3]),
        ],
      ),
    ),
    site(
      "{city}高速公路运营管理有限公司",
      "{city} Expressway Management",
      s(
        "隧道安全监测系统",
        "Tunnel safety monitoring",
        n(
          "隧道火灾、一氧化碳、能见度监测与交通诱导联动。",
          "Fire, gas and visibility monitoring linked with traffic guidance.",
        ),
        3,
        [1100, 2900],
        false,
        [
          a("火灾探测光纤主机", "Fibre fire detector", "equipment", "sensor", [2, 5, 5], 0.6),
          a("可变情报板", "Variable message sign", "equipment", "control", [2, 4, 3]),
        ],
      ),
    ),
    site(
      "{city}热力有限责任公司",
      "{city} District Heating",
      s(
        "换热站无人值守系统",
        "Unattended heat exchange stations",
        n(
          "换热站温度压力采集、循环泵远程启停和二次网平衡。",
          "Heat station telemetry, remote pumps and secondary balancing.",
        ),
        2,
        [700, 2100],
        false,
        [
          a("换热站控制柜", "Heat station controller", "equipment", "control", [2, 5, 5], 0.4),
          a("室温采集器", "Room temperature logger", "equipment", "sensor", [3, 3, 2]),
        ],
      ),
    ),
  ],
};
export const ind: SectorBank = {
  code: "IND",
  regulator: n("工业物联网安全试点办公室", "Industrial IoT Pilot Office"),
  sites: [
    site(
      "{city}重型机械有限公司",
      "{city} Heavy Machinery",
      s(
        "机床联网与能效系统",
        "Machine tool network and energy",
        n("数控机床联网采集、程序下发与能效分析。", "Machine data, program download and energy analysis."),
        3,
        [260, 900],
        false,
        [
          a("数控采集网关", "CNC gateway", "equipment", "gateway", [4, 5, 4], 0.5),
          a("程序下发服务器", "Program server", "equipment", "platform", [5, 5, 4]),
        ],
      ),
    ),
    site(
      "{city}汽车零部件有限公司",
      "{city} Auto Parts",
      s(
        "产线质量追溯系统",
        "Line quality traceability",
        n("射频标签、拧紧与视觉检测数据追溯。", "RFID, tightening and vision data for traceability."),
        2,
        [800, 2600],
        false,
        [
          a("射频读写器", "RFID reader", "equipment", "sensor", [2, 5, 4]),
          a("追溯平台", "Traceability platform", "solution", "platform", [4, 5, 4]),
        ],
      ),
    ),
    site(
      "{city}制药股份有限公司",
      "{city} Pharmaceuticals",
      s(
        "洁净车间环境监测系统",
        "Clean room monitoring",
        n("压差、粒子、温湿度连续监测与批记录关联。", "Pressure, particles and climate tied to batch records."),
        3,
        [420, 1500],
        false,
        [
          a("粒子计数器", "Particle counter", "equipment", "sensor", [2, 5, 4], 0.5),
          a("电子批记录系统", "Electronic batch record", "solution", "platform", [5, 5, 4], 0.4),
        ],
      ),
    ),
    site(
      "{city}水泥有限公司",
      "{city} Cement",
      s(
        "窑系统远程诊断",
        "Kiln remote diagnosis",
        n(
          "窑体温度、振动、排放在线监测与远程专家诊断。",
          "Kiln temperature, vibration and emissions with remote experts.",
        ),
        2,
        [300, 980],
        false,
        [
          a("无线振动传感器", "Wireless vibration sensor", "equipment", "sensor", [1, 4, 4]),
          a("远程诊断服务", "Remote diagnosis service", "service", "service", [3, 4, 3], 0.6),
        ],
      ),
    ),
    site(
      "{city}电子科技园有限公司",
      "{city} Electronics Park",
      s(
        "园区动力与安防系统",
        "Park utilities and security",
        n("特气、纯水、供电监测与门禁视频统一管理。", "Special gas, water and power monitoring with access and video."),
        3,
        [1500, 4300],
        true,
        [
          a("特气侦测器", "Special gas detector", "equipment", "sensor", [1, 5, 5], 0.5),
          a("门禁控制器", "Door controller", "equipment", "control", [4, 4, 4]),
        ],
      ),
    ),
    site(
      "{city}纺织印染有限公司",
      "{city} Textile Dyeing",
      s(
        "能源与排污监测系统",
        "Energy and discharge monitoring",
        n("蒸汽、用水、废水在线监测与定额管理。", "Steam, water and waste water monitoring with quotas."),
        2,
        [180, 640],
        false,
        [
          a("废水在线监测仪", "Waste water analyser", "equipment", "sensor", [2, 5, 3]),
          a("能源管理平台", "Energy platform", "solution", "platform", [3, 4, 3]),
        ],
      ),
    ),
  ],
};
