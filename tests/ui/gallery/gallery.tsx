import type { ReactNode } from "react";
import { PublicShell } from "#app/ui/shell/public-shell.tsx";
import { Shell } from "#app/ui/shell/shell.tsx";
import type { Appearance } from "#app/ui/shell/types.ts";
import { Charts } from "./charts.tsx";
import { Forms } from "./forms.tsx";
import { type Say, shellData, text } from "./say.ts";
import { Work } from "./work.tsx";

/* Every component once, with plausible content, to look at and to run axe on. Not a page of the product. */

function Reading({ t }: { t: Say }) {
  return (
    <div className="ui-doc">
      <nav className="ui-doc-toc" aria-label={t("目次", "Contents")}>
        <a href="#s5">5 {t("可信身份认证", "Identity")}</a>
        <a href="#s6">6 {t("网络安全防护", "Network")}</a>
      </nav>
      <article className="ui-reading">
        <h1>{t("智慧城市物联网安全管理规范", "Management specification for smart-city IoT security")}</h1>
        <h2 id="s5">5 {t("可信身份认证和安全控制", "Identity")}</h2>
        <div className="ui-clause" id="c-5.1">
          <a className="ui-clause-no" href="#c-5.1">
            5.1
          </a>
          <span>
            {t(
              "每个终端应当具有唯一且不可由用户更改的身份标识，并在首次接入时完成双向认证；认证失败的终端不得接入业务网络。",
              "Each device shall carry an identity of its own that no user can change, and shall be mutually authenticated when first connected.",
            )}
          </span>
          <aside className="ui-clause-side" aria-label={t("依据", "Provenance")}>
            {t("6 个试点 · 4 项问题 · 证据强度：强", "6 pilots · 4 findings · strong evidence")}
          </aside>
        </div>
        <div className="ui-clause" id="c-5.2">
          <a className="ui-clause-no" href="#c-5.2">
            5.2
          </a>
          <span>
            {t(
              "运营单位应当在十二个月内更换不能升级固件的设备，或者书面说明替代措施及其有效期。",
              "Devices whose firmware cannot be updated shall be replaced within twelve months.",
            )}
          </span>
        </div>
      </article>
    </div>
  );
}

export const pages = ["work", "forms", "charts", "reading"] as const;
export type GalleryPage = (typeof pages)[number];

export function Gallery({ page, ...look }: Appearance & { page: GalleryPage }): ReactNode {
  const t = text(look.locale);
  if (page === "reading") {
    return (
      <PublicShell locale={look.locale}>
        <Reading t={t} />
      </PublicShell>
    );
  }
  const Page = { work: Work, forms: Forms, charts: Charts }[page];
  return (
    <Shell
      {...shellData(t)}
      {...look}
      flash={
        page === "work"
          ? {
              tone: "done",
              text: t("试点方案已保存为第 3 版。", "The plan was saved as version 3."),
              link: { to: "/undo", label: t("撤销", "Undo") },
            }
          : null
      }
    >
      <Page t={t} />
    </Shell>
  );
}
