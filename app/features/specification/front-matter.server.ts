import type { Actor } from "#app/request/actor.ts";
import type { SpecificationBody } from "#db/schema/index.ts";
import { bothSides } from "./sides.ts";

/*
 * Front matter that a new edition begins with. Editors change it; the document is bilingual only in its clauses, so each
 * element keeps both sides of its text.
 */

export function firstBody(actor: Actor): SpecificationBody {
  const { zh, en } = actor.tenantName;
  return {
    foreword: bothSides(
      `本文件按照GB/T 1.1-2020的规则起草。\n请注意本文件的某些内容可能涉及专利。本文件的发布机构不承担识别专利的责任。\n本文件由${zh}提出并发布。`,
      `This document was drafted under the rules of GB/T 1.1-2020.\nSome elements of this document may be subject to patent rights; the issuer is not responsible for identifying them.\nThis document was proposed and issued by ${en}.`,
    ),
    introduction: bothSides(
      `本文件汇集两批物联网安全试点的经验。每一条款注明所依据的试点数据、证据强度和不同意见，读者据此核对条款的来由。`,
      `This document gathers the experience of two batches of Internet-of-Things security pilots. Each clause names the pilot data it rests on, the strength of that evidence and any dissent, so that readers see where it comes from.`,
    ),
    scope: bothSides(
      `本文件规定了物联网应用系统在设计研发、竣工验收和运营各阶段的安全管理要求，涉及信息安全监管、可信身份认证和安全控制、网络安全防护、隐私保护四个维度。\n本文件适用于物联网应用系统的建设单位、运营单位、供应商和检测机构。`,
      `This document specifies requirements for managing the security of Internet-of-Things application systems through design, acceptance and operation, in the four dimensions of supervision, trusted identity and security control, network protection, and privacy protection.\nIt applies to owners, operators, suppliers and testing institutions of such systems.`,
    ),
    references: ["GB/T 20984-2022", "GB/T 22239-2019", "GB/T 22240-2020", "GB/T 35273-2020"],
    terms: [
      {
        term: "试点",
        termEn: "pilot",
        definition: bothSides(
          "参加某一批次、按本专项行动要求建设和评估的应用系统",
          "application system that takes part in a batch and is built and assessed under the programme",
        ),
      },
      {
        term: "可替换性",
        termEn: "replaceability",
        definition: bothSides(
          "设备或服务在业务不中断的前提下由其他来源的同类产品代替的程度",
          "degree to which equipment or a service is exchangeable for a like product of another source without interrupting the business",
        ),
      },
      {
        term: "残余风险",
        termEn: "residual risk",
        definition: bothSides("采取安全措施之后仍然存在的风险", "risk that remains after measures have been taken"),
      },
    ],
    abbreviations: [],
    bibliography: ["GB/T 1.1-2020", "ETSI EN 303 645", "ISO/IEC 27400:2022"],
    issuedBy: zh,
    ics: "35.030",
    ccs: "L 80",
  };
}
