// Ten megabytes of program, of which nothing runs.
package main

import (
	"archive/zip"
	"compress/bzip2"
	"crypto/tls"
	"database/sql"
	"debug/dwarf"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/xml"
	"expvar"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/types"
	"html/template"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httputil"
	"net/rpc"
	"net/smtp"
	"os"
	"regexp"
)

var linked = []interface{}{zip.NewReader, bzip2.NewReader, tls.Dial, sql.Open, dwarf.New, elf.Open, macho.Open, pe.Open,
	xml.Unmarshal, expvar.Publish, build.Import, doc.New, parser.ParseFile, printer.Fprint, types.NewChecker,
	template.New, jpeg.Decode, png.Decode, http.Get, httputil.DumpRequest, rpc.Dial, smtp.Dial, regexp.Compile}

func main() {
	if len(os.Args) > len(linked) {
		os.Exit(1)
	}
}
