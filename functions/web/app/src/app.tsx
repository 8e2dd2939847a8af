import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';
import { Driftslinje } from './drift';
import { Oekt } from './oekt';
import { Bunn, Topp } from './ramme';
import { borger, sesjon } from './sesjon';
import { FinnesIkke } from './sider/finnes-ikke';
import { Hjem } from './sider/hjem';
import { Innlogging } from './sider/innlogging';
import { Person } from './sider/person';
import { Taster } from './taster';
import { t } from './tekst';

// What few go to is loaded when they do.
const Admin = lazy(() => import('./sider/admin/admin').then((m) => m.Admin));
const Innhold = lazy(() => import('./sider/innhold').then((m) => m.Innhold));
const Lister = lazy(() => import('./sider/lister/oversikt').then((m) => m.Lister));
const Listebestilling = lazy(() => import('./sider/lister/bestilling').then((m) => m.Bestilling));
const Listegodkjenning = lazy(() => import('./sider/lister/godkjenning').then((m) => m.Godkjenning));
const Listefil = lazy(() => import('./sider/lister/fil').then((m) => m.Fil));
const MineOpplysninger = lazy(() => import('./sider/borger/mine').then((m) => m.MineOpplysninger));
const Regel = lazy(() => import('./sider/borger/regel').then((m) => m.Regel));
const Mine = lazy(() => import('./sider/logg/mine').then((m) => m.Mine));
const Logg = lazy(() => import('./sider/logg/logg').then((m) => m.Logg));
const Tilgjengelighet = lazy(() => import('./sider/tilgjengelighet').then((m) => m.Tilgjengelighet));

export function App() {
  return (
    <LocationProvider>
      <a className="ds-skip-link" href="#innhold">
        {t.value.hoppTil}
      </a>
      <Topp />
      <Driftslinje />
      <main id="innhold" tabIndex={-1} className="ramme">
        <ErrorBoundary>{borger.value ? <Borgers /> : <Ansattes inne={sesjon.value?.innlogget} />}</ErrorBoundary>
      </main>
      <Bunn />
      <Oekt />
      <Taster />
    </LocationProvider>
  );
}

/** Who is employed nowhere sees what is written of themselves, whatever the address. */
function Borgers() {
  return (
    <Router>
      <Route path="/tilgjengelighet" component={Tilgjengelighet} />
      <Route default component={MineOpplysninger} />
    </Router>
  );
}

function Ansattes({ inne }: { inne?: boolean }) {
  return (
    <Router>
      <Route path="/tilgjengelighet" component={Tilgjengelighet} />
      <Route path="/" component={inne ? Hjem : Innlogging} />
      <Route path="/person/:referanse" component={inne ? Person : Innlogging} />
      <Route path="/rolle" component={inne ? Innhold : Innlogging} />
      <Route path="/lister" component={inne ? Lister : Innlogging} />
      <Route path="/lister/ny" component={inne ? Listebestilling : Innlogging} />
      <Route path="/lister/fil" component={inne ? Listefil : Innlogging} />
      <Route path="/lister/:id/godkjenning" component={inne ? Listegodkjenning : Innlogging} />
      <Route path="/mine-opplysninger" component={inne ? MineOpplysninger : Innlogging} />
      <Route path="/innsynsregel" component={inne ? Regel : Innlogging} />
      <Route path="/mine-oppslag" component={inne ? Mine : Innlogging} />
      <Route path="/logg" component={inne ? Logg : Innlogging} />
      <Route path="/administrasjon" component={inne ? Admin : Innlogging} />
      <Route path="/administrasjon/*" component={inne ? Admin : Innlogging} />
      <Route default component={inne ? FinnesIkke : Innlogging} />
    </Router>
  );
}
