// Package fregsim is a simulator of Skatteetaten's consumer API to Folkeregisteret: an [http.Handler]
// that speaks Freg's wire format on Freg's own paths, over a synthetic population and, where given,
// a folder of register documents. It is for tests and the dev host, never for production.
//
// Simulated, for the rettighetspakker offentlig med hjemmel (OMH) and offentlig uten hjemmel (OUtH):
//
//   - personer/{id}, personer/bulkoppslag, personer/entydigsoek, personer/soek, with part
//     (dataminimering), historikk and its narrower reach in OUtH, and the masking seen in OUtH;
//   - uttrekk/tilpasset and its batches: not ready at first and before the end, {} after the last, gone
//     when unknown or expired, at most ten under way for each consumer;
//   - bearer tokens with a scope per pakke, a limit per consumer, Retry-After in milliseconds, at most
//     1000 ids and 10 000 hits, error bodies, response headers;
//   - what goes wrong with a register and the way to it: see [Faults].
//
// Knowingly not simulated:
//
//   - personer/arkiv, personer/bulkoppslag/arkiv, hendelser, uttrekk/komplett, xsd: 404;
//   - XML: an Accept without JSON is 406, a body that is not called JSON is 400;
//   - the other rettighetspakker;
//   - documents from the folder in entydigsoek, soek and uttrekk, which look in the population only;
//   - Freg's own phonetic algorithm, which is not published;
//   - soesken as a relation, kommune numbers of before 2024, foreldreansvar of others than parents,
//     changes while the register runs.
//
// The population is of package population; its lives are composed in package lives, its words and
// places stand in package data, and package document cuts documents to pakke and parts.
//
// Where the contract is silent the simulator chooses: rettsligHandleevneomfang has a code of our own,
// bulkoppslag without somBestilt drops duplicates, more than 10 000 hits are 400 whatever maksTreff
// says, an invalid or unknown id in a bulk gives feilmelding for that id, historikk alone means
// person-basis with history, a job is under way until its end is told and can be asked for in an hour,
// a member of an order that nobody knows is 400, opphoert is none of personstatustyper, a bosted that is
// unknown but for its kommune is in it, entydigsoek finds the dead and looks at oppholdsadresse too.
// Graded persons are found by their addresses as others are, because Freg leaves it to the consumer.
package fregsim
