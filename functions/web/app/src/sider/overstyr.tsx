import type { Feilet } from '../api/klient';
import type { Rolleinnhold } from '../api/schema';
import { t } from '../tekst';
import { Begrunn } from './begrunn';

/** Offers to state a reason where a lookup was refused and the organisation lets employees look up their own. The refusal is the same
 * whatever it stands on, so this is offered at all of them, and tells nothing of the person. */
export function Overstyr({ feil, role, gi }: { feil: Feilet; role?: Rolleinnhold; gi: (grunn: string) => void }) {
  const x = t.value.person;
  if (feil.kode !== 'UTLEVERING_IKKE_TILLATT' || !role?.kanOverstyre) return null;
  return (
    <div>
      <Begrunn tittel={x.overstyr} tekst={x.overstyrTekst} bekreft={x.overstyrBekreft} gi={gi} />
    </div>
  );
}
