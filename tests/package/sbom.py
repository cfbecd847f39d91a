#!/usr/bin/python3
"""sbom.py NAME.deb NAME.spdx.json PACKAGE...: fails unless the document says of the package what SPDX 2.3 asks for, and what is
true: its sums, its files, and that it is linked with these packages."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import license_expression

REQUIRED = {
    "document": "spdxVersion dataLicense SPDXID name documentNamespace creationInfo packages relationships",
    "packages": "SPDXID name versionInfo downloadLocation filesAnalyzed licenseConcluded licenseDeclared copyrightText",
    "files": "SPDXID fileName checksums",
    "relationships": "spdxElementId relationshipType relatedSpdxElement",
    "hasExtractedLicensingInfos": "licenseId extractedText",
}
LICENCES = license_expression.get_spdx_licensing()


def must(condition, words):
    if not condition:
        sys.exit(f"{sys.argv[2]}: {words}")


def sum_of(entry, algorithm):
    return next(sum["checksumValue"] for sum in entry["checksums"] if sum["algorithm"] == algorithm)


def check_fields(document):
    for kind, names in REQUIRED.items():
        for entry in [document] if kind == "document" else document[kind]:
            for name in names.split():
                must(entry.get(name) not in (None, "", []), f"{kind} without {name}: {entry.get('SPDXID')}")
    must(document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0", "version or licence of the document")
    must(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"]), "time of the document")
    must(re.fullmatch(r"https://[^# ]+", document["documentNamespace"]), "namespace of the document")


def check_identifiers(document):
    elements = [document, *document["packages"], *document["files"]]
    known = {element["SPDXID"] for element in elements}
    must(len(known) == len(elements), "an identifier is there twice")
    for name in known:
        must(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name), f"no identifier: {name}")
    for relation in document["relationships"]:
        must({relation["spdxElementId"], relation["relatedSpdxElement"]} <= known, f"relates to nothing: {relation}")


def check_licences(document):
    texts = {text["licenseId"] for text in document["hasExtractedLicensingInfos"]}
    for package in document["packages"]:
        for name in re.findall(r"LicenseRef-\S+", package["licenseDeclared"]):
            must(name in texts and re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", name), f"without its text: {name}")
        found = LICENCES.validate(re.sub(r"LicenseRef-\S+", "MIT", package["licenseDeclared"]))
        must(not found.errors, f"{package['name']}: {found.errors}")


def check_files(document, deb):
    """Those of the package, with their sums, and the sum of these."""
    package = document["packages"][0]
    must(sum_of(package, "SHA256") == hashlib.sha256(deb.read_bytes()).hexdigest(), "the package has another sum")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "--extract", deb, folder], check=True)
        there = {}
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file() and not path.is_symlink():
                there["./" + str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    must(there == {file["fileName"]: sum_of(file, "SHA256") for file in document["files"]}, "other files than in the package")
    sums = "".join(sorted(sum_of(file, "SHA1") for file in document["files"]))
    code = package["packageVerificationCode"]["packageVerificationCodeValue"]
    must(code == hashlib.sha1(sums.encode()).hexdigest(), "another verification code than that of its files")


def check_libraries(document, expected):
    names = {package["SPDXID"]: package["name"] for package in document["packages"]}
    program = next(file["SPDXID"] for file in document["files"] if file["fileName"] == "./usr/sbin/rollcall")
    linked = {
        names[relation["relatedSpdxElement"]]
        for relation in document["relationships"]
        if relation["relationshipType"] == "DYNAMIC_LINK" and relation["spdxElementId"] == program
    }
    must(linked == expected, f"linked with {sorted(linked)}, not {sorted(expected)}")
    must("libpq5" in names.values(), "libpq5, which the program opens, is not there")


def main():
    deb, file, *libraries = sys.argv[1:]
    document = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    check_fields(document)
    check_identifiers(document)
    check_licences(document)
    check_files(document, pathlib.Path(deb))
    check_libraries(document, set(libraries))


main()
