import type { Kriterier, Rolleinnhold } from '../api/schema';
import { Knapp } from '../ds';
import { rolle } from '../sesjon';
import { sist, soek } from '../soek';
import { t } from '../tekst';

/** The last search a little wider, each way that the role may search and that is not tried. */
function videre(k: Kriterier, role: Rolleinnhold): [keyof typeof t.value.soek.videre, Kriterier][] {
  const may = (kode: string) => role.soekeparametre.some((p) => p.kode === kode);
  const words = k.navn?.trim().split(/\s+/) ?? [];
  const all: [keyof typeof t.value.soek.videre, boolean, Kriterier][] = [
    ['lyder', Boolean(k.navn) && !k.soekFonetisk && may('soekFonetisk'), { soekFonetisk: true }],
    ['etternavn', words.length > 1, { navn: words.at(-1) }],
    ['land', Boolean(k.kommunenummer || k.fylkesnummer || k.postnummer), { kommunenummer: undefined, fylkesnummer: undefined, postnummer: undefined }],
    ['tidligere', role.historikk && !k.inkluderHistoriskeNavnOgAdresser && may('opplysningsgrunnlag'), { inkluderHistoriskeNavnOgAdresser: true }],
    ['doede', !k.inkluderDoede && may('inkluderDoede'), { inkluderDoede: true }],
  ];
  return all.filter(([, can]) => can).map(([name, , more]) => [name, { ...k, ...more }]);
}

/** What may be tried where nobody was found. */
export function IngenTreff({ role }: { role?: Rolleinnhold }) {
  const x = t.value.soek;
  const k = sist.value;
  const ways = role && k && !k.personidentifikator ? videre(k, role) : [];
  return (
    <>
      <p>{x.soektI(rolle.value?.navn ?? '')}</p>
      {ways.length > 0 && (
        <div className="rad" role="group" aria-label={x.proev}>
          {ways.map(([name, wider]) => (
            <Knapp key={name} variant="secondary" onClick={() => void soek(wider)}>
              {x.videre[name]}
            </Knapp>
          ))}
        </div>
      )}
      <ul className="ds-list">
        {x.ingen.map((r) => (
          <li key={r}>{r}</li>
        ))}
      </ul>
    </>
  );
}
