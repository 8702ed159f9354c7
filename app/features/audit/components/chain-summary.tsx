import { formatDateTime, shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { CopyId } from "#app/ui/copy-id.tsx";
import { KeyValue } from "#app/ui/page.tsx";

interface Chain {
  seq: number;
  sealed: number;
  sealedAt: string | Date | null;
  root: { size: number; root: string; at: string | Date } | null;
}

/** How far the chain goes, how far the national tree vouches for it, and the root to write down. */
export function ChainSummary({ chain }: { chain: Chain }) {
  return (
    <div className="ui-section">
      <KeyValue
        items={[
          { key: m.audit_chain_length(), value: m.audit_chain_entries({ count: chain.seq }) },
          {
            key: m.audit_chain_sealed(),
            value: chain.sealedAt ? m.audit_chain_sealed_to({ seq: chain.sealed }) : m.audit_chain_unsealed(),
          },
          ...(chain.sealedAt
            ? [
                {
                  key: m.audit_chain_sealed_at(),
                  value: (
                    <time dateTime={new Date(chain.sealedAt).toISOString()}>{formatDateTime(chain.sealedAt)}</time>
                  ),
                },
              ]
            : []),
          ...(chain.root
            ? [
                {
                  key: m.audit_chain_root({ size: chain.root.size }),
                  value: (
                    <CopyId
                      value={chain.root.root}
                      short={shortDigest(chain.root.root)}
                      label={m.audit_chain_root({ size: chain.root.size })}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      {chain.root ? <p className="ui-hint">{m.audit_chain_note()}</p> : null}
    </div>
  );
}
