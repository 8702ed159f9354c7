import type { Clause, PdfLocale, SpecificationData } from "./types.ts";

function clause(no: string, text: string, rest: Partial<Clause> = {}): Clause {
  return { no, text, ...rest };
}

function chapterClauses(no: number, zh: boolean): Clause[] {
  const tags = zh
    ? {
        dimensions: ["可信身份认证和安全控制"],
        objects: ["核心设备"],
        lifecycle: ["设计研发", "竣工验收"],
        mechanisms: ["可防御"],
      }
    : { dimensions: ["identity"], objects: ["equipment"], lifecycle: ["design", "acceptance"], mechanisms: ["defend"] };
  const heads = zh ? ["一般要求", "身份与接入", "数据与隐私"] : ["General", "Identity and access", "Data and privacy"];
  return heads.map((title, i) => ({
    no: `${no}.${i + 1}`,
    title,
    clauses: [
      clause(
        `${no}.${i + 1}.1`,
        zh
          ? "接入平台的设备应具有唯一标识，并应采用数字证书实现设备与平台之间的双向身份认证；证书有效期不应超过3年，且应支持在线吊销。"
          : "Devices that connect to the platform shall carry a unique identity, and device and platform shall authenticate each other with certificates; a certificate shall not be valid for more than three years and shall be revocable online.",
        { tags, provenance: [`C.${no - 3}`] },
      ),
      clause(`${no}.${i + 1}.2`, zh ? "运营单位宜按季度开展下列检查：" : "The operator should check every quarter:", {
        items: zh
          ? [
              "设备台账与实际接入设备是否一致；",
              "固件版本及已公开漏洞的处置情况；",
              "账号权限是否符合最小化原则，离岗人员账号是否已停用。",
            ]
          : [
              "whether the register matches the devices connected;",
              "firmware versions and published vulnerabilities;",
              "whether rights follow least privilege and the accounts of those who left are closed.",
            ],
      }),
      clause(
        `${no}.${i + 1}.3`,
        zh
          ? "受环境限制无法双向认证的存量设备，可采用接入网关代理认证的方式，但不应承载控制类业务。"
          : "Existing devices that cannot authenticate mutually may do so through a gateway, but shall not carry control traffic.",
        {
          note: zh
            ? "存量设备指本文件实施之日前已投入运行的设备。"
            : "existing devices are those in operation before this document took effect.",
        },
      ),
    ],
  }));
}

function chapterTitles(zh: boolean): readonly string[] {
  return zh
    ? [
        "缩略语",
        "总体要求",
        "设计研发阶段",
        "竣工验收阶段",
        "运营阶段",
        "监测预警与应急",
        "变更、替换与退役",
        "监督检查与改进",
      ]
    : [
        "Abbreviated terms",
        "General requirements",
        "Design",
        "Acceptance",
        "Operation",
        "Monitoring, warning and response",
        "Change, replacement and retirement",
        "Inspection and improvement",
      ];
}

function frontFixture(zh: boolean): Pick<SpecificationData, "foreword" | "introduction" | "scope" | "references"> {
  return {
    foreword: zh
      ? [
          "本文件按照GB/T 1.1—2020《标准化工作导则 第1部分：标准化文件的结构和起草规则》的规定起草。",
          "请注意本文件的某些内容可能涉及专利。本文件的发布机构不承担识别专利的责任。",
          "本文件由专项行动办公室提出并归口。",
        ]
      : [
          "This document was drafted under the rules of GB/T 1.1-2020.",
          "Some elements of this document may be subject to patent rights; the issuer is not responsible for identifying them.",
        ],
    introduction: zh
      ? ["物联网在城市供水领域的应用日益深入。为总结两批试点的经验，形成可复制、可推广的管理要求，制定本文件。"]
      : [
          "The Internet of Things is used ever more widely in urban water supply. This document gathers what two batches of pilots have taught.",
        ],
    scope: zh
      ? [
          "本文件规定了城市供水领域物联网系统在设计研发、竣工验收、运营各阶段的安全管理要求。",
          "本文件适用于供水企业、设备供应商、运营服务单位和检测机构。",
        ]
      : [
          "This document specifies requirements for managing the security of Internet of Things systems in urban water supply through design, acceptance and operation.",
          "It applies to water companies, vendors, service operators and testing institutions.",
        ],
    references: ["GB/T 20984-2022", "GB/T 22239-2019", "GB/T 35273-2020"],
  };
}

function termsFixture(zh: boolean): Pick<SpecificationData, "terms"> {
  return {
    terms: [
      {
        no: "3.1",
        term: zh ? "可替换性" : "replaceability",
        english: "replaceability",
        definition: zh
          ? "设备或服务在不影响业务连续性的前提下，能够由其他来源的同类产品代替的程度。"
          : "degree to which equipment or a service can be exchanged for a like product of another source without interrupting the business",
      },
      {
        no: "3.2",
        term: zh ? "接入网关" : "access gateway",
        english: "access gateway",
        definition: zh
          ? "汇聚现场设备数据并代理其与平台通信的设备。"
          : "device that gathers data of field devices and speaks to the platform on their behalf",
        source: "GB/T 37024-2018, 3.4",
      },
    ],
  };
}

function annexFixture(zh: boolean): Pick<SpecificationData, "annexes"> {
  return {
    annexes: [
      {
        letter: "A",
        title: zh ? "控制项表" : "Table of controls",
        normative: true,
        clauses: [clause("A.1", zh ? "控制项见表A.1。" : "The controls are those of Table A.1.")],
        tables: [
          {
            caption: zh ? "控制项" : "Controls",
            columns: [
              { head: zh ? "编号" : "No.", share: 12 },
              { head: zh ? "控制项" : "Control", share: 58 },
              { head: zh ? "条款" : "Clause", share: 14, align: "center" },
              { head: zh ? "权重" : "Weight", share: 14, align: "right" },
            ],
            rows: Array.from({ length: 34 }, (_, i) => [
              `ID-${String(i + 1).padStart(2, "0")}`,
              zh
                ? "设备与平台之间采用双向身份认证，证书可吊销"
                : "Device and platform authenticate each other; certificates can be revoked",
              `${4 + (i % 8)}.2.1`,
              String(1 + (i % 5)),
            ]),
          },
        ],
      },
      {
        letter: "B",
        title: zh ? "风险评估表样" : "Form of the risk assessment",
        normative: false,
        clauses: [
          clause(
            "B.1",
            zh ? "风险评估可采用风险登记册的格式。" : "The register’s form can be used for the assessment.",
          ),
        ],
      },
    ],
  };
}

function provenanceFixture(zh: boolean): Pick<SpecificationData, "provenance"> {
  return {
    provenance: {
      letter: "C",
      title: zh ? "试点数据依据" : "Pilot data behind the clauses",
      rows: Array.from({ length: 8 }, (_, i) => ({
        no: `C.${i + 1}`,
        clause: `${i + 4}.1.1`,
        finding: zh ? "9个试点中有6个存在证书不可吊销的问题" : "6 of 9 pilots could not revoke certificates",
        pilots: "P-003, P-007, P-011",
        batch: zh ? "第一批" : "One",
        effect: zh
          ? "身份维度风险平均下降4.2（95%区间2.9～5.6，n=6）"
          : "Identity risk fell by 4.2 on average (95% interval 2.9–5.6, n=6)",
        strength: i % 2 === 0 ? (zh ? "强" : "Strong") : zh ? "中" : "Medium",
        ...(i === 2 ? { dissent: zh ? "个别供应商认为3年有效期过短" : "Some vendors hold three years too short" } : {}),
      })),
    },
  };
}

/** A specification with all elements. */
export function specificationFixture(locale: PdfLocale): SpecificationData {
  const zh = locale === "zh-CN";
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
    ...frontFixture(zh),
    ...termsFixture(zh),
    chapters: chapterTitles(zh).map((title, i) => ({ no: String(i + 4), title, clauses: chapterClauses(i + 4, zh) })),
    ...annexFixture(zh),
    ...provenanceFixture(zh),
    bibliography: ["GB/T 1.1-2020", "ISO/IEC 27400:2022", "ETSI EN 303 645 V2.1.1"],
  };
}
