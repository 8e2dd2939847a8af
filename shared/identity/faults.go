package identity

import "hjemmel/shared/fault"

// The refusals. Each tells an integrator what to mend and repeats nothing of what was sent. The
// first words of the token and integration texts are those of Fiks, which vendors search for.
//
// None of them wraps an error of the JOSE library, whose messages quote the token's header.
var (
	errNoToken = refusal("TOKEN_MANGLER",
		"Kallet mangler access_token. Send hodet Authorization nøyaktig én gang, med Bearer og et token fra Maskinporten eller ID-porten.")
	errHeaders = refusal("INTEGRASJON_HODER_MANGLER",
		"Send hodene IntegrasjonId og IntegrasjonPassord nøyaktig én gang hver. De kreves sammen med token fra Maskinporten, og må ellers enten begge være med eller begge utelates.")
	errLogin = refusal("INTEGRASJON_AUTENTISERING_FEILET",
		"Autentisering feilet for integrasjonen. Sjekk at IntegrasjonId og IntegrasjonPassord hører sammen, og at organisasjonen i tokenets consumer er den som er autorisert for integrasjonen.")

	errMalformed = badToken("TOKEN_UGYLDIG", "det er ikke et signert JWT som kan leses (RS256, RS384 eller RS512, med kid), eller det er for langt.")
	errSignature = badToken("TOKEN_UGYLDIG", "signaturen stemmer ikke, eller nøkkelen (kid) er ikke en av utstederens.")
	errTimes     = badToken("TOKEN_UGYLDIG", "exp eller iat mangler, eller iat eller nbf ligger fram i tid. Sjekk klokka.")
	errBound     = badToken("TOKEN_UGYLDIG", "det er bundet til en nøkkel (cnf) eller en enkeltperson, og slike token støttes ikke her.")
	errAudience  = badToken("TOKEN_UGYLDIG", "aud peker på et annet API.")
	errClient    = badToken("TOKEN_UGYLDIG", "client_id er ikke en klient som kan brukes uten integrasjon.")
	errPerson    = badToken("TOKEN_UGYLDIG", "pid mangler eller er ikke et gyldig fødselsnummer eller d-nummer.")
	errLevel     = badToken("TOKEN_UGYLDIG", "sikkerhetsnivået (acr) må være idporten-loa-substantial eller idporten-loa-high.")
	errExpired   = badToken("TOKEN_UTLOEPT", "det er utløpt (exp). Hent et nytt.")
	errIssuer    = badToken("TOKEN_FEIL_UTSTEDER", "utstederen (iss) godtas ikke her. Sjekk at tokenet er fra rett miljø (test eller produksjon).")
	errScope     = badToken("TOKEN_MANGLER_SCOPE", "det mangler scopet som kreves for dette API-et.")
	errConsumer  = badToken("TOKEN_MANGLER_CONSUMER", "consumer mangler eller er ikke et norsk organisasjonsnummer (0192) etter iso6523-actorid-upis.")
)

func refusal(code, text string) *fault.Error { return fault.New(fault.Unauthenticated, code, text) }

func badToken(code, text string) *fault.Error {
	return refusal(code, "Klarte ikke å validere access_token: "+text)
}
