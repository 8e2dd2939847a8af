import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso';
import { Bunn, Topp } from './ramme';
import { sesjon } from './sesjon';
import { Innlogging } from './sider/innlogging';
import { Hjem } from './sider/hjem';
import { FinnesIkke } from './sider/finnes-ikke';
import { t } from './tekst';

export function App() {
  return (
    <LocationProvider>
      <a className="ds-skip-link" href="#innhold">
        {t.value.hoppTil}
      </a>
      <Topp />
      <main id="innhold" tabIndex={-1} className="ramme">
        {sesjon.value?.innlogget ? <Sider /> : <Innlogging />}
      </main>
      <Bunn />
    </LocationProvider>
  );
}

function Sider() {
  return (
    <ErrorBoundary>
      <Router>
        <Route path="/" component={Hjem} />
        <Route default component={FinnesIkke} />
      </Router>
    </ErrorBoundary>
  );
}
