import { m } from "#app/i18n/paraglide/messages.js";

/**
 * The file never leaves the reader's machine: the browser hashes it (SubtleCrypto) and puts the digest into the field. JSON is
 * brought into its canonical form first (RFC 8785: members in the order of their UTF-16 units, values as JSON.stringify has
 * them), because that is what is sealed; what is no JSON after all is taken as it is.
 */
const script = `const f=document.getElementById("file"),p=document.getElementById("filebox");if(f&&window.crypto&&crypto.subtle){p.hidden=false;const c=v=>Array.isArray(v)?"["+v.map(c).join(",")+"]":v&&typeof v=="object"?"{"+Object.keys(v).sort().map(k=>JSON.stringify(k)+":"+c(v[k])).join(",")+"}":JSON.stringify(v);f.addEventListener("change",async()=>{const x=f.files[0];if(!x)return;let d=await x.arrayBuffer();if(/\\.json$/i.test(x.name))try{d=new TextEncoder().encode(c(JSON.parse(new TextDecoder().decode(d))))}catch{}const b=await crypto.subtle.digest("SHA-256",d);const i=document.getElementById("sha256");i.value=[...new Uint8Array(b)].map(n=>n.toString(16).padStart(2,"0")).join("");i.form.requestSubmit()})}`;

/** Choosing a file instead of pasting its digest; stands only where the script runs. */
export function HashFile({ nonce }: { nonce: string }) {
  return (
    <>
      <div id="filebox" className="ui-field" hidden>
        <label className="ui-label" htmlFor="file">
          {m.specification_verify_choose()}
        </label>
        <p className="ui-hint">{m.specification_verify_choose_hint()}</p>
        <input id="file" type="file" className="ui-input" />
      </div>
      <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} />
    </>
  );
}
