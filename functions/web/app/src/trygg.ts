// The one HTML string in all that we load: u-combobox of Designsystemet sets its slot by innerHTML. Trusted Types
// refuses every other.
type Policy = { createPolicy(name: string, rules: { createHTML(s: string): string | null }): unknown };

const trusted = (window as unknown as { trustedTypes?: Policy }).trustedTypes;
trusted?.createPolicy('default', { createHTML: (s) => (s === '<slot name="items"></slot>' ? s : null) });
