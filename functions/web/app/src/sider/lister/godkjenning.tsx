// An order that waits: what another has asked for, and the answer to it.
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Listegodkjenning } from '../../api/schema';
import { Dialog, Felt, Knapp, Lenke, Merke, Tittel } from '../../ds';
import { Feilmelding } from '../../feil';
import { dag, tid } from '../../format';
import { Overskrift } from '../../side';
import { t } from '../../tekst';
import { useUtfoer } from '../../utfoer';
import { Punkter, Stoerrelse } from './felles';
import { lt } from './tekst';

/** Who may answer is for the server to say: an administrator need not have the role, and nobody answers their own. */
export function Godkjenning({ id = '' }: { id?: string }) {
  const x = lt.value;
  const [g, setG] = useState<Listegodkjenning>();
  const { feil, opptatt, utfoer } = useUtfoer();
  const { route } = useLocation();
  const params = { path: { innbyggerlisteId: id } };
  useEffect(() => {
    void utfoer(async () => setG(await svar(api.GET('/hjemmel/v1/lister/{innbyggerlisteId}/godkjenning', { params }))));
  }, [id]);
  const svare = (godkjent: boolean, grunn?: string) =>
    utfoer(async () => {
      await svar(api.POST('/hjemmel/v1/lister/{innbyggerlisteId}/godkjenning', { params, body: { godkjent, grunn } }));
      route('/lister');
    });
  return (
    <div className="ark">
      <Lenke href="/lister">{x.tilListene}</Lenke>
      <Overskrift vindu={x.godkjenning}>{x.godkjenning}</Overskrift>
      {g ? <Bestilt g={g} /> : !feil && <p role="status">{t.value.laster}</p>}
      {feil && <Feilmelding feil={feil} />}
      {g?.godkjenning.tilstand === 'VENTER' && !g.kanSvare && <p>{x.egen}</p>}
      {g?.kanSvare && (
        <div className="rad">
          <Knapp disabled={opptatt} onClick={() => void svare(true)}>
            {x.godkjenn}
          </Knapp>
          <Avvis avvis={(grunn) => void svare(false, grunn)} />
        </div>
      )}
    </div>
  );
}

function Bestilt({ g }: { g: Listegodkjenning }) {
  const x = lt.value;
  const s = g.godkjenning;
  return (
    <>
      <div className="rad">
        <strong>{g.beskrivelse}</strong>
        <Merke farge={s.tilstand === 'AVVIST' ? 'danger' : 'info'}>{x.tilstand[s.tilstand]}</Merke>
      </div>
      <p>{x.bestilt(tid(g.opprettet), g.opprettetAv)}</p>
      {g.formaal && <p>{x.formaal(g.formaal)}</p>}
      <p>{s.av ? x.svartAv(s.av, tid(s.tid ?? '')) : x.frist(dag(s.frist))}</p>
      {s.grunn && <p>{s.grunn}</p>}
      <Tittel stoerrelse="2xs">{x.kriterier}</Tittel>
      <Punkter av={g.kriterier} />
      <Tittel stoerrelse="2xs">{x.hva}</Tittel>
      <Punkter av={g.kolonner.map((k) => k.overskrift)} />
      <Tittel stoerrelse="2xs">{x.antall}</Tittel>
      <Stoerrelse s={g.anslag} />
    </>
  );
}

function Avvis({ avvis }: { avvis: (grunn: string) => void }) {
  const x = lt.value;
  const [open, setOpen] = useState(false);
  const [grunn, setGrunn] = useState('');
  return (
    <>
      <Knapp variant="secondary" farge="danger" onClick={() => setOpen(true)}>
        {x.avvis}
      </Knapp>
      <Dialog aapen={open} lukk={() => setOpen(false)} tittel={x.avvis}>
        <form
          className="dialog"
          onSubmit={(e) => {
            e.preventDefault();
            setOpen(false);
            avvis(grunn.trim());
          }}
        >
          <Felt id="grunn" etikett={x.grunn} hint={x.grunnHint} value={grunn} minLength={3} maxLength={400} required onInput={(e) => setGrunn(e.currentTarget.value)} />
          <div className="rad">
            <Knapp type="submit" farge="danger" disabled={grunn.trim().length < 3}>
              {x.avvis}
            </Knapp>
            <Knapp variant="secondary" onClick={() => setOpen(false)}>
              {t.value.avbryt}
            </Knapp>
          </div>
        </form>
      </Dialog>
    </>
  );
}
