/** Fields that a form sends unseen. */
export type Hidden = Readonly<Record<string, string | number>>;

export function HiddenFields({ fields }: { fields: Hidden }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
