import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Feilet } from '../api/klient';
import type { Rolleinnhold } from '../api/schema';
import { Feilmelding } from '../feil';
import { rolle } from '../sesjon';
import { innhold } from '../soek';
import { t } from '../tekst';

/** What the chosen role sees, once it is known, or what is said where it cannot be. The rest of a page does without. */
export function useInnhold(): { role?: Rolleinnhold; mangler?: ComponentChildren } {
  const id = rolle.value?.id ?? '';
  const [role, setRole] = useState<Rolleinnhold>();
  const [feil, setFeil] = useState<Feilet>();
  const hent = () => {
    setFeil(undefined);
    if (id) innhold(id).then(setRole, (e) => e instanceof Feilet && setFeil(e));
  };
  useEffect(hent, [id]);
  return { role: role?.id === id ? role : undefined, mangler: feil && <Feilmelding feil={feil} hva={t.value.rolle.innholdMangler} igjen={hent} /> };
}
