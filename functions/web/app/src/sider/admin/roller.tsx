import { api, svar } from '../../api/klient';
import type { KonfigurasjonsrolleMedTilganger } from '../../api/schema';
import { Lenke, Merke } from '../../ds';
import { Tabell } from '../../ds/skjema';
import { norsk } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, useHent } from '../../utfoer';
import { Adminside, org } from './felles';
import { verdier } from './katalog';

export function Roller() {
  return (
    <Adminside tittel={at.value.roller.tittel} ingress={at.value.roller.ingress}>
      <Liste />
    </Adminside>
  );
}

function Liste() {
  const x = at.value.roller;
  const fiksOrgId = org.value!.fiksOrgId;
  const hentet = useHent(async () => {
    const [roller, v] = await Promise.all([svar(api.GET('/register/api/v2/konfigurasjon/{fiksOrgId}/roller/med-tilganger', { params: { path: { fiksOrgId } } })), verdier()]);
    return { roller, areas: new Map(v.tjenesteomraader.map((o) => [o.kode, o.navn])) };
  }, [fiksOrgId]);
  return (
    <Hentet av={hentet}>
      {({ roller, areas }) => (
        <Tabell
          tittel={x.tittel}
          hode={[x.navn, x.omraade, x.bruk, x.har, x.versjon]}
          rader={[...roller].sort((a, b) => norsk.compare(a.navn, b.navn)).map((r) => [<Navn r={r} />, areas.get(r.tjenesteomraade ?? '') ?? r.tjenesteomraade, r.bruksomraader?.map((b) => at.value.bruk[b] ?? b).join(', '), x.antall(r), r.versjon])}
        />
      )}
    </Hentet>
  );
}

function Navn({ r }: { r: KonfigurasjonsrolleMedTilganger }) {
  const x = at.value;
  return (
    <span className="rad">
      <Lenke href={`/administrasjon/rolle/${r.id}`}>{r.navn}</Lenke>
      {!r.aktiv && <Merke>{x.rolle.ikkeAktiv}</Merke>}
      {(r.advarsler?.length ?? 0) > 0 && <Merke farge="warning">{x.roller.advarsel}</Merke>}
    </span>
  );
}
