#!/usr/bin/env bash
# Makes person documents of every kind and has veraPDF judge them against PDF/UA-1. Needs Java and Maven.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=1.28.2
lib=$PWD/.cache/verapdf-$version
if [ ! -d "$lib" ]; then
  pom=$(mktemp -d)/pom.xml
  cat >"$pom" <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>hjemmel</groupId><artifactId>pdfua</artifactId><version>1</version><dependencies>
<dependency><groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId><version>$version</version></dependency></dependencies></project>
XML
  mvn -q -f "$pom" dependency:copy-dependencies -DoutputDirectory="$lib"
fi
made=$(mktemp -d)
HJEMMEL_PDF_DIR=$made go test -count=1 ./functions/lookup/persondokument >/dev/null
java -cp "$lib/*" org.verapdf.apps.GreenfieldCliWrapper --flavour ua1 --format text "$made"/*.pdf | sed "s|$made/||"
