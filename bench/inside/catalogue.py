"""Sixty questions to a catalogue: what the finder finds beside what the rows themselves say."""

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.test import Client

from bench.databases import Row
from members.diseases import first_rows
from members.models import Collection
from tests import builders

ASKED = 60
ALL_LEAST, RIGHT_LEAST = 0.95, 0.95
FROZEN = ("material=TISSUE_FROZEN", "TISSUE_FROZEN")
DNA = ("material=DNA", "DNA")
SERUM = ("material=SERUM", "SERUM")
COHORT = ("type=COHORT", "COHORT")
WOMEN = ("sex=FEMALE", "FEMALE")


@dataclass(frozen=True)
class Topic:
    """`codes`: beginnings of codes of ICD-10; `words`: what texts say of it, in any language."""

    codes: str
    words: str
    asked: tuple[str, ...]
    beside: tuple[str, str] = DNA


BREAST = r"breast (cancer|tumou?r|carcinoma)|borstkanker|brustkrebs|cancer du sein|mammacarcinoom"
TOPICS = (
    Topic("C50", BREAST, ("breast cancer", "borstkanker", "C50"), SERUM),
    Topic("C18 C19 C20 C21", r"(bowel|colorectal|colon) cancer|darmkanker|darmkrebs|colorectal car"
          r"|colorectaal", ("colon cancer", "darmkanker"), FROZEN),
    Topic("E10 E11 E12 E13 E14", r"diabetes|diabète|zuckerkrankheit|suikerziekte",
          ("diabetes", "suikerziekte", "diabète", "Zuckerkrankheit")),
    Topic("G30", r"alzheimer", ("Alzheimer's disease", "ziekte van Alzheimer", "G30"), SERUM),
    Topic("G20", r"parkinson", ("Parkinson", "maladie de Parkinson"), SERUM),
    Topic("J45 J46", r"asthma|astma\b|asthme", ("asthma", "astma"), SERUM),
    Topic("I21 I22", r"heart attack|hartinfarct|infarctus du myocarde|herzinfarkt|myocardial inf",
          ("heart attack", "Herzinfarkt"), COHORT),
    Topic("K50", r"crohn", ("Crohn", "morbus crohn", "K50"), SERUM),
    Topic("K51", r"ulcerative colitis|colitis ulcerosa|rectocolite", ("colitis ulcerosa",), WOMEN),
    Topic("G35", r"multiple sclerosis|multiple sclerose|sclérose en plaques|multiple sklerose",
          ("multiple sclerosis", "sclérose en plaques"), WOMEN),
    Topic("E66", r"obesity|obesitas|obésité|adipositas|overweight|overgewicht",
          ("obesity", "Adipositas"), COHORT),
    Topic("B20 B21 B22 B23 B24", r"\bhiv\b|\baids\b", ("HIV", "VIH"), SERUM),
    Topic("I10", r"high blood pressure|hypertension|hoge bloeddruk|bluthochdruck",
          ("hypertension", "hoge bloeddruk"), COHORT),
)  # fmt: skip


def questions() -> Iterator[tuple[str, str, Topic, str]]:
    """Language, query, what it is about, and the code of the second filter."""
    languages = ("en", "nl", "fr", "de")
    for topic in TOPICS:
        yield "en", f"disease={topic.codes.replace(' ', ',')}", topic, "*"
    for topic in TOPICS:
        for number, words in enumerate(topic.asked):
            language = languages[number % len(languages)]
            yield language, f"q={words}", topic, ""
            yield language, f"q={words}&{topic.beside[0]}", topic, topic.beside[1]


def measure() -> Iterator[Row]:
    file = os.environ.get("BENCH_CATALOGUE", "")
    if not Path(file).is_file():
        yield "questions to a catalogue", "left out: give a file", ""
        return
    builders.finder(builders.home())
    for language in ("nl", "fr", "de"):
        builders.translation_of(builders.finder(builders.home()), language)
    first_rows.load()
    call_command("import_directory", file=file, stdout=io.StringIO())
    asked = list(questions())[-ASKED:]
    right = wanted = given = 0
    for language, query, topic, beside in asked:
        found, true = answered(language, query), told(topic, beside)
        right, wanted, given = (
            right + len(found & true), wanted + len(true), given + len(found)
        )  # fmt: skip
        if found != true and "BENCH_SAY" in os.environ:
            yield f"  {language} {query}", f"missed {true - found}", f"added {found - true}"
    what = f"{len(asked)} questions to a catalogue"
    yield f"{what}: of what there is, found", f"{right / wanted:.3f}", f">= {ALL_LEAST}"
    yield f"{what}: of what is found, right", f"{right / given:.3f}", f">= {RIGHT_LEAST}"


def answered(language: str, query: str) -> set[str]:
    """The collections of an answer, as a file of it says."""
    answer = Client(SERVER_NAME="127.0.0.1").get(
        f"/{language}/biobanks.csv?{query}&show=collections"
    )
    text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
    return {row["directory_id"] for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}


def told(topic: Topic, beside: str) -> set[str]:
    """What the rows say themselves, read here in another way than the finder does."""
    found = set()
    for one in Collection.objects.shown().select_related("biobank").prefetch_related("traits"):
        codes = [str(entry.get("code")).rpartition(":")[2] for entry in one.diagnoses]
        labels = [str(entry.get("label", "")) for entry in one.diagnoses]
        has_code = any(code.startswith(tuple(topic.codes.split())) for code in codes)
        text = " ".join((one.name, one.description, one.biobank.name, *labels))
        has_words = beside != "*" and re.search(topic.words, text, re.IGNORECASE)
        kept = beside in ("", "*") or beside in {trait.code for trait in one.traits.all()}
        if (has_code or has_words) and kept:
            found.add(one.directory_id)
    return found
