#!/usr/bin/python3
"""Says what a Debian package is made of: its files, its source, and the packages of the libraries that its programs load, with
their licences, as an SPDX 2.3 document in JSON. The same package, made on the same system, has the same document.

    script/lib/sbom.py NAME.deb NAME.dsc [PACKAGE...] >NAME.spdx.json

Each PACKAGE has a library that a program opens by its name, if it is installed. SOURCE_DATE_EPOCH is the time of the document.
"""

import datetime
import hashlib
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import urllib.parse

from debian import copyright as debian_copyright

# What Debian's copyright files call licences, and SPDX.
LICENCES = {
    "Apache-2.0": "Apache-2.0",
    "BSD-2-clause": "BSD-2-Clause",
    "BSD-3-clause": "BSD-3-Clause",
    "Expat": "MIT",
    "GPL-2": "GPL-2.0-only",
    "GPL-2+": "GPL-2.0-or-later",
    "GPL-3+": "GPL-3.0-or-later",
    "ISC": "ISC",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "LGPL-3+": "LGPL-3.0-or-later",
    "PostgreSQL": "PostgreSQL",
    "and": "AND",
    "or": "OR",
}
SYSTEM = platform.freedesktop_os_release()


def said(*command):
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.]+", "-", name)


def checksums(path):
    data = path.read_bytes()
    return [{"algorithm": name, "checksumValue": hashlib.new(name, data).hexdigest()} for name in ("SHA1", "SHA256")]


def package(name, version, architecture, **fields):
    """What is said of every package, and its address as a package URL."""
    url = f"pkg:deb/{SYSTEM['ID']}/{urllib.parse.quote(name)}@{urllib.parse.quote(version, safe='')}?arch={architecture}"
    return {
        "SPDXID": identifier(f"{name}-{architecture}"),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}],
        **fields,
    }


def declared(name):
    """The licence of most files of an installed package, whose they are, and the text if SPDX has no name for the licence."""
    text = pathlib.Path(f"/usr/share/doc/{name}/copyright").read_text(encoding="utf-8")
    try:
        most = debian_copyright.Copyright(text.split("\n"), strict=False).find_files_paragraph("any")
    except (debian_copyright.NotMachineReadableError, debian_copyright.MachineReadableFormatError):
        return f"LicenseRef-{name}", "NOASSERTION", text
    words = most.license.synopsis.split()
    if all(word in LICENCES for word in words):
        return " ".join(LICENCES[word] for word in words), most.copyright, None
    return f"LicenseRef-{name}", most.copyright, text


def library(name, texts):
    """An installed package that has a library."""
    fields = "${Version} ${Architecture} ${source:Package} ${source:Version}"
    version, architecture, source, source_version = said("dpkg-query", "--show", f"--showformat={fields}", name).split(" ")
    licence, holders, text = declared(name)
    if text is not None:
        texts.append({"licenseId": licence, "name": f"the copyright file of {name}", "extractedText": text})
    return package(
        name,
        version,
        architecture,
        supplier=f"Organization: {SYSTEM['NAME']}",
        sourceInfo=f"built from {source} {source_version}",
        licenseDeclared=licence,
        licenseComments=f"of most of its files; /usr/share/doc/{name}/copyright has them all",
        copyrightText=holders,
    )


def owner(path):
    """The package of a library. Its folder may be a link to the one that dpkg knows."""
    path = os.path.realpath(path)
    known = [path, path.removeprefix("/usr")]
    query = subprocess.run(["dpkg-query", "--search", *known], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return query.stdout.split(":")[0] or sys.exit(f"sbom: no package has {path}")


def loaded(program):
    """The packages of the libraries that a program is linked with, and of those that these are linked with."""
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", said("readelf", "--dynamic", "--wide", program))
    libraries = re.findall(r"^\t(\S+) => (/\S+)", said("ldd", program), re.MULTILINE)
    linked = {owner(path) for name, path in libraries if name in needed}
    return linked, {owner(path) for _, path in libraries} - linked


def is_program(path):
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


class Document:
    def __init__(self, deb):
        self.deb = deb
        self.files, self.packages, self.texts, self.relations = [], [], [], []

    def relate(self, element, kind, other):
        self.relations.append({"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": other})

    def add_ours(self, source):
        """The package, which this is about, and its source."""
        name, version, architecture = said("dpkg-deb", "--show", "--showformat=${Package} ${Version} ${Architecture}", self.deb).split(" ")
        words = {"supplier": "NOASSERTION", "licenseDeclared": "MIT", "copyrightText": "2026 The Rollcall developers"}
        ours = package(name, version, architecture, packageFileName=self.deb.name, checksums=checksums(self.deb), **words)
        its_source = package(name, version, "source", packageFileName=source.name, checksums=checksums(source), **words)
        self.packages += [ours, its_source]
        self.relate("SPDXRef-DOCUMENT", "DESCRIBES", ours["SPDXID"])
        self.relate(ours["SPDXID"], "GENERATED_FROM", its_source["SPDXID"])
        return ours

    def add_files(self, ours, folder):
        """The files in the package. Returns the programs among them."""
        programs = []
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            name = f"./{path.relative_to(folder)}"
            self.files.append({"SPDXID": identifier(f"File-{name[2:]}"), "fileName": name, "checksums": checksums(path)})
            self.relate(ours["SPDXID"], "CONTAINS", self.files[-1]["SPDXID"])
            if is_program(path):
                self.files[-1]["fileTypes"] = ["BINARY"]
                programs.append((self.files[-1]["SPDXID"], path))
        sums = sorted(file["checksums"][0]["checksumValue"] for file in self.files)
        ours["filesAnalyzed"] = True
        ours["packageVerificationCode"] = {"packageVerificationCodeValue": hashlib.sha1("".join(sums).encode()).hexdigest()}
        return programs

    def add_libraries(self, ours, programs, opened):
        found = {program: loaded(path) for program, path in programs}
        linked = set().union(*(its_own for its_own, _ in found.values()))
        others = set().union(*(theirs for _, theirs in found.values())) - linked
        known = {}
        for name in sorted(linked | others | opened):
            self.packages.append(library(name, self.texts))
            known[name] = self.packages[-1]["SPDXID"]
        for program, (its_own, _) in found.items():
            for name in sorted(its_own):
                self.relate(program, "DYNAMIC_LINK", known[name])
        for name in sorted(others):
            self.relate(known[name], "RUNTIME_DEPENDENCY_OF", ours["SPDXID"])
        for name in sorted(opened):
            self.relate(known[name], "OPTIONAL_DEPENDENCY_OF", ours["SPDXID"])

    def text(self):
        made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
        return {
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": self.deb.stem,
            "documentNamespace": f"https://spdx.org/spdxdocs/{self.deb.stem}-{checksums(self.deb)[1]['checksumValue']}",
            "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: rollcall script/package"]},
            "packages": self.packages,
            "files": self.files,
            "hasExtractedLicensingInfos": self.texts,
            "relationships": self.relations,
        }


def main():
    deb, source, *opened = sys.argv[1:]
    document = Document(pathlib.Path(deb))
    ours = document.add_ours(pathlib.Path(source))
    with tempfile.TemporaryDirectory(prefix="rollcall-sbom.") as folder:
        said("dpkg-deb", "--extract", deb, folder)
        programs = document.add_files(ours, pathlib.Path(folder))
        document.add_libraries(ours, programs, set(opened))
    json.dump(document.text(), sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
