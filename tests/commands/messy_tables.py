"""Thirty-two tables in the state in which people have them, from public data and short excerpts."""

import io
import json
from importlib import import_module

import numpy as np
import openpyxl
import pandas as pd
from sklearn import datasets as sklearn_data

LIKERT = ("strongly disagree", "disagree", "neutral", "agree", "strongly agree")
OFTEN = ("never", "rarely", "sometimes", "often", "always")
RATING = ("very bad", "bad", "neutral", "good", "very good")


def public(name, rows=60):
    """Return rows that are spread over a table of statsmodels or scikit-learn."""
    if hasattr(sklearn_data, f"load_{name}"):
        bunch = getattr(sklearn_data, f"load_{name}")(as_frame=True)
        frame = bunch.frame if bunch.frame is not None else bunch.data
    else:
        frame = import_module(f"statsmodels.datasets.{name}").load_pandas().data
    places = np.unique(np.linspace(0, len(frame) - 1, rows).astype(int))
    return frame.iloc[places].reset_index(drop=True)


def text(frame, sep=",", encoding="utf-8", before=(), after=()):
    """Return a CSV file of cells as they are, with lines around it."""
    body = frame.to_csv(index=False, sep=sep, lineterminator="\n").splitlines()
    return "\n".join([*before, *body, *after, ""]).encode(encoding)


def german(number, digits=1):
    """Write a number as 1.234,5."""
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def french(number, digits=1):
    """Write a number as 1 234,5."""
    return f"{number:,.{digits}f}".replace(",", "\u202f").replace(".", ",")


def halves(values, low="low", high="high"):
    """Return which values are above the median."""
    return np.where(values > np.median(values), high, low)


def survey():
    f = public("anes96")
    own = pd.DataFrame({
        "respondent": [f"R{n:03}" for n in range(len(f))],
        "taxes too high": [LIKERT[int(v) % 5] for v in f.selfLR],
        "TV days": f.TVnews.astype(int),
        "age": f.age.astype(int),
        "vote": np.where(f.vote == 1, "Dole", "Clinton"),
    })  # fmt: skip
    return text(own)


def marriages():
    f = public("fair")
    own = pd.DataFrame({
        "age group": ["<20" if a < 20 else f"{int(a)}-{int(a) + 4}" for a in f.age],
        "rating": [RATING[int(v) - 1] for v in f.rate_marriage],
        "children": f.children.astype(int),
        "affair": np.where(f.affairs > 0, "yes", "no"),
    })  # fmt: skip
    return text(own)


def transplants():
    f = public("heart")
    days = pd.date_range("1968-01-06", periods=len(f), freq="17D")
    own = pd.DataFrame({
        "operation": [f"{d.month}/{d.day}/{d.year}" for d in days],
        "age": f.age,
        "survival": [f"{int(v)} days" for v in f.survival],
        "outcome": np.where(f.censors == 1, "dead", "alive"),
    })  # fmt: skip
    return text(own)


def grades():
    f = public("spector")
    own = pd.DataFrame({
        "Schnitt": [german(v, 2) for v in f.GPA],
        "Vortest": [str(int(v)) if n % 9 else "k.A." for n, v in enumerate(f.TUCE)],
        "Kurs": np.where(f.PSI == 1, "ja", "nein"),
        "Note A": np.where(f.GRADE == 1, "ja", "nein"),
    })  # fmt: skip
    return text(own, ";", "cp1252")


def schools():
    f = public("star98")
    own = pd.DataFrame(
        {
            "poor": [f"{v:.1f} %" for v in f.LOWINC],
            "teacher pay": [f"${1000 * v:,.0f}" for v in f.AVYRSEXP],
            "maths": halves(f.NABOVE / (f.NABOVE + f.NBELOW), "below", "above"),
        }
    )
    return text(own)


def counties():
    f = public("cancer")
    own = pd.DataFrame({
        "comt\xe9": [f"Comt\xe9 {n}" for n in range(len(f))],
        "population": [french(v, 0) for v in f.population],
        "part": [french(v % 97 / 10) for v in f.population],
        "cas": halves(f.cancer, "peu", "beaucoup"),
    })  # fmt: skip
    return text(own, ";", "utf-8-sig")


def cards():
    f = public("ccard")
    own = pd.DataFrame(
        {
            "spent": [f"${v:,.2f}" if n % 8 else f"(${v:,.2f})" for n, v in enumerate(f.AVGEXP)],
            "income": [f"${10_000 * v:,.0f}" for v in f.INCOME],
            "owner": np.where(f.OWNRENT == 1, "own", "rent"),
        }
    )
    return text(own)


def trips():
    f = public("modechoice")
    own = pd.DataFrame({
        "way": [f"{int(v) // 60}:{int(v) % 60:02} h" for v in f.invt],
        "wait": [f"{int(v)} min" for v in f.ttme],
        "leaves": [f"{1 + n % 12}:{7 * n % 60:02} {'ap'[n % 2]}m" for n in range(len(f))],
        "taken": np.where(f.choice == 1, "yes", "no"),
    })  # fmt: skip
    return text(own)


def wines():
    f = public("wine")
    own = pd.DataFrame({
        "alcohol": [f"{v:.2f} % vol" for v in f.alcohol],
        "proline": [f"{v:.0f} mg/l" if n % 12 else f"{v / 1000:.3f} g/l"
                    for n, v in enumerate(f.proline)],
        "hue": f.hue,
        "cultivar": [f"cultivar {int(v)}" for v in f.target],
    })  # fmt: skip
    return text(own)


def flowers():
    f = public("iris")
    own = pd.DataFrame(
        {
            "L\xe4nge": [german(v) for v in f.iloc[:, 0]],
            "Breite": [german(v) for v in f.iloc[:, 1]],
            "Art": [("setosa", "versicolor", "virginica")[int(v)] for v in f.target],
        }
    )
    units = pd.DataFrame([["cm", "cm", ""]], columns=own.columns)
    title = ["Schwertlilien;;", ";;"]
    return text(pd.concat([units, own]), ";", "cp1252", before=title)


def blood():
    f = public("breast_cancer")
    low = [n % 6 == 0 for n in range(len(f))]
    own = pd.DataFrame({
        "CRP": ["<0,4" if b else german(v % 9 + 0.5, 1) for b, v in
                zip(low, f["mean radius"], strict=True)],
        "Ferritin": ["> 200" if n % 10 == 3 else german(v) for n, v in
                     enumerate(f["mean texture"])],
        "Befund": np.where(f.target == 1, "gutartig", "b\xf6sartig"),
    })  # fmt: skip
    return text(own, ";")


def sugar():
    f = public("diabetes")
    own = pd.DataFrame({name: f[name].mul(1000).round(1).astype(object) for name in ("bmi", "bp")})
    own.loc[[3, 17, 40], "bmi"] = 9999
    own.loc[[5, 17], "bp"] = 9999
    own["visits"] = [n % 13 if n != 8 else 9999 for n in range(len(f))]
    own["progress"] = halves(f.target)
    return text(own)


def athletes():
    f = public("linnerud", 20)
    own = pd.DataFrame({
        "height": [f"{5 + n % 2}'{n % 12}\"" for n in range(len(f))],
        "weight": [f"{160 + 3 * n} lb" for n in range(len(f))],
        "chins": f.Chins.astype(int),
        "sits": halves(f.Situps, "few", "many"),
    })  # fmt: skip
    return text(own)


def states():
    f = public("statecrime", 51)
    own = pd.DataFrame({
        "zip": [f"{(n * 1871 + 1001) % 99999:05}" for n in range(len(f))],
        "income": [f"{int(v) * 7919 % 60000 + 20000:,}" for v in f.hs_grad],
        "urban": [f"{v:.1f}%" for v in f.urban],
        "murder": halves(f.murder),
    })  # fmt: skip
    return text(own)


def firms():
    f = public("grunfeld")
    own = pd.DataFrame(
        {
            "Jahr": f.year.astype(int),
            "Wert": [f"{german(v)} \u20ac" for v in f.value],
            "Investition": halves(f.invest, "klein", "gross"),
        }
    )
    return text(own, ";", after=[f"Summe;{german(f.value.sum())} \u20ac;"])


def doctors():
    f = public("randhie")
    own = pd.DataFrame(
        {
            "weight": [f"{60 + n % 20} kg" if n % 7 else f"{130 + n} lb" for n in range(len(f))],
            "health": [("poor", "fair", "good", "excellent")[n % 4] for n in range(len(f))],
            "visit": np.where(f.mdvis > 0, "yes", "no"),
        }
    )
    return text(own)


def spots():
    f = public("sunspots")
    own = pd.DataFrame(
        {
            "observed": [f"{1 + n % 28}.{1 + n % 12}.{int(y)}" for n, y in enumerate(f.YEAR)],
            "spots": [german(v) for v in f.SUNACTIVITY],
            "next": halves(np.roll(f.SUNACTIVITY, -1)),
        }
    )
    return text(own, ";")


def oceans():
    f = public("elnino")
    own = f[["JAN", "JUN", "DEC"]].copy()
    own.loc[[4, 9], "JAN"] = -9999
    own.loc[[9, 20], "DEC"] = -9999
    own["warm"] = halves(f.SEP, "no", "yes")
    return text(own)


def penguins():
    f = public("iris")
    name = ["Adelie", "Gentoo", "Chinstrap"]
    own = pd.DataFrame(
        {
            "bill mm": f.iloc[:, 2] * 10,
            "island": [("Biscoe", "Dream", "Torgersen")[n % 3] for n in range(len(f))],
            "species": [name[int(v)] for v in f.target],
        }
    )
    own.loc[3, "species"], own.loc[8, "species"] = "Ad\xe9lie", "adelie "
    own.loc[9, "island"], own.loc[30, "island"] = "Torgerson", "Dream."
    return text(own)


def passengers():
    lines = ["pclass;fare;age;cabin;survived"]
    for n in range(60):
        age = "?" if n % 7 == 0 else f"{20 + n % 40}"
        lines.append(
            f"{1 + n % 3};\xa3{7 + n * 1.37:.2f};{age};C{n};{('no', 'yes')[n * n % 3 % 2]}"
        )
    return "\n".join([*lines, ""]).encode("cp1252")


def spss_export():
    f = public("anes96")
    own = pd.DataFrame({
        "trust": [OFTEN[int(v) % 5] for v in f.selfLR],
        "income": [99 if n % 8 == 0 else int(v) for n, v in enumerate(f.income)],
        "weeks": ["#NULL!" if n % 10 == 0 else int(v) for n, v in enumerate(f.TVnews)],
        "v7": np.where(f.vote == 1, "Dole", "Clinton"),
    })  # fmt: skip
    return text(own, ";")


def stata():
    f = public("fair")
    own = pd.DataFrame({
        "religious": pd.Categorical.from_codes(
            f.religious.astype(int) - 1, ["not", "mildly", "fairly", "strongly"], ordered=True
        ),
        "educ": f.educ,
        "affair": pd.Categorical.from_codes((f.affairs > 0).astype(int), ["no", "yes"]),
    })  # fmt: skip
    file = io.BytesIO()
    own.to_stata(file, write_index=False)
    return file.getvalue()


def workbook():
    f = public("stackloss", 21)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Ammonia plant, 21 days"], [], ["air flow", "water", "loss"]):
        sheet.append(row)
    for row in zip(f.AIRFLOW, f.WATERTEMP, halves(f.STACKLOSS), strict=True):
        sheet.append([*row])
    sheet.append(["Total", float(f.WATERTEMP.sum()), None])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def digits():
    f = public("digits")
    rows = (
        {
            "ink": float(r.iloc[:64].sum()),
            "middle": None if n % 9 == 0 else r.pixel_3_3,
            "even": bool(r.target % 2 == 0),
        }
        for n, r in f.iterrows()
    )
    return "\n".join(json.dumps(row) for row in rows).encode()


def houses():
    lines = ["price\tsize\tzip\tbaths\tsold"]
    lines += [
        f"${139_750 + 1_310 * n:,}\t{1_100 + 17 * n:,} sq ft\t{60601 + n % 8:05}\t"
        f"{(1, '1 1/2', 2, '2 1/2')[n % 4]}\t{('fast', 'slow')[n * n % 5 % 2]}"
        for n in range(60)
    ]
    return "\n".join([*lines, ""]).encode()


def stations():
    lines = ["station,lat,lon,height,frost"]
    lines += [
        f"S{n},{40 + n % 9}\xb0{n % 60:02}'N,{n % 20}\xb0{7 * n % 60:02}'{'EW'[n % 2]},"
        f"{100 + 13 * n} m,{('often', 'rarely')[n * n % 7 % 2]}"
        for n in range(60)
    ]
    return "\n".join([*lines, ""]).encode()


def scotland():
    f = public("scotland", 32)
    own = pd.DataFrame(
        {
            "council": [f"Council {n}" for n in range(len(f))],
            "council tax": [f"\xa3{v:,.0f}" for v in f.COUTAX],
            "unemployed women": [f"{v / 10:.1f}%" for v in f.UNEMPF],
            "vote": halves(f.YES, "no", "yes"),
        }
    )
    lines = text(own).decode().splitlines()
    lines[12] += ",see note"
    return "\n".join([*lines, ""]).encode()


def report_cards():
    lines = ["maths,reading,absent,passed"]
    lines += [
        f"{'ABCDF'[n * 7 % 5]},{'ABCDF'[n * n % 5]},{n % 11} days,{('yes', 'no')[n * n % 3 % 2]}"
        for n in range(60)
    ]
    return "\n".join([*lines, ""]).encode()


def laboratory():
    lines = ["patient;taux;tension;malade"]
    lines += [
        f"P{n:03};{'< 0,5' if n % 5 == 0 else french(0.5 + n % 13 / 3, 2)};"
        f"{french(900 + 37 * n, 1)};{('non', 'oui')[n * n % 3 % 2]}"
        for n in range(60)
    ]
    return "\n".join([*lines, ""]).encode("cp1252", "replace").replace(b"?", b"\xa0")


def salaries():
    lines = ["yrs,salary,rank"]
    lines += [
        f"{n % 31},{80_000 + 997 * n % 60_000},{('Prof', 'AssocProf')[n % 2]}" for n in range(60)
    ]
    lines[8] = "7,97000,Assoc Prof"
    lines[20] = "9,92000,Prof."
    lines[31] = "9,92000,?"
    return "\n".join([*lines, ""]).encode()


def labour():
    f = public("fertility", 60)
    own = pd.DataFrame(
        {
            "country": [f"L{n}" for n in range(len(f))],
            "1970": [str(v) if np.isfinite(v) else ".." for v in f["1970"]],
            "1990": [str(v) if np.isfinite(v) else ".." for v in f["1990"]],
            "many": halves(f["2000"].fillna(3)),
        }
    )
    return text(own)


def bakery():
    lines = ["flour;butter;oven;rating"]
    lines += [
        f"{(1, '1/2', '3/4', '1 1/4')[n % 4]} cup;{n % 7 * 10} g;{170 + n % 30} \xb0C;"
        f"{('good', 'burnt')[n * n % 5 % 2]}"
        for n in range(60)
    ]
    return "\n".join([*lines, ""]).encode()
