// The pages of administrators, each loaded when it is gone to.
import { lazy, Route, Router } from 'preact-iso';
import { FinnesIkke } from '../finnes-ikke';

const Roller = lazy(() => import('./roller').then((m) => m.Roller));
const Rolle = lazy(() => import('./rolle').then((m) => m.Rolle));
const Rolleutkast = lazy(() => import('./utkast').then((m) => m.Rolleutkast));
const Tildelinger = lazy(() => import('./tildelinger').then((m) => m.Tildelinger));
const Gjennomgang = lazy(() => import('./gjennomgang').then((m) => m.Gjennomgang));
const Integrasjoner = lazy(() => import('./integrasjoner').then((m) => m.Integrasjoner));
const Integrasjon = lazy(() => import('./integrasjon').then((m) => m.Integrasjon));
const Kilder = lazy(() => import('./kilder').then((m) => m.Kilder));
const Kilde = lazy(() => import('./kilde').then((m) => m.Kilde));
const Omlegging = lazy(() => import('./omlegging').then((m) => m.Omlegging));

export function Admin() {
  return (
    <Router>
      <Route path="/" component={Roller} />
      <Route path="/rolle/:id" component={Rolle} />
      <Route path="/rolle/:id/utkast" component={Rolleutkast} />
      <Route path="/rolle/:id/tildelinger" component={Tildelinger} />
      <Route path="/gjennomgang" component={Gjennomgang} />
      <Route path="/integrasjoner" component={Integrasjoner} />
      <Route path="/integrasjoner/:id" component={Integrasjon} />
      <Route path="/kilder" component={Kilder} />
      <Route path="/kilder/:id" component={Kilde} />
      <Route path="/omlegging" component={Omlegging} />
      <Route default component={FinnesIkke} />
    </Router>
  );
}
