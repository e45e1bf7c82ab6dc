"""The values that travel through a scan, from a file's facts to the report.

All of them are frozen and hold plain data, so that they can be cached, sent to another process and compared.
Lines, columns and cells count from 1; columns are code points. In a notebook `cell` counts all cells and `line` is
the cell's own; elsewhere `cell` is None. A path is relative to the repository's root, with `/`.
"""

from mldebt.model.facts import Cell as Cell
from mldebt.model.facts import Code as Code
from mldebt.model.facts import Command as Command
from mldebt.model.facts import Definition as Definition
from mldebt.model.facts import Directive as Directive
from mldebt.model.facts import Dispatch as Dispatch
from mldebt.model.facts import Draw as Draw
from mldebt.model.facts import FileFacts as FileFacts
from mldebt.model.facts import Flag as Flag
from mldebt.model.facts import Gate as Gate
from mldebt.model.facts import Handing as Handing
from mldebt.model.facts import Import as Import
from mldebt.model.facts import Listing as Listing
from mldebt.model.facts import ModuleFacts as ModuleFacts
from mldebt.model.facts import Option as Option
from mldebt.model.facts import OutsideCall as OutsideCall
from mldebt.model.facts import Retired as Retired
from mldebt.model.facts import Setting as Setting
from mldebt.model.facts import Signature as Signature
from mldebt.model.facts import Variable as Variable
from mldebt.model.hits import Hit as Hit
from mldebt.model.hits import Place as Place
from mldebt.model.hits import Related as Related
from mldebt.model.hits import Removal as Removal
from mldebt.model.hits import Rewrite as Rewrite
from mldebt.model.kinds import CATEGORIES as CATEGORIES
from mldebt.model.kinds import Category as Category
from mldebt.model.kinds import Family as Family
from mldebt.model.kinds import ProblemKind as ProblemKind
from mldebt.model.kinds import Severity as Severity
from mldebt.model.kinds import Status as Status
from mldebt.model.networks import Restored as Restored
from mldebt.model.picture import Line as Line
from mldebt.model.picture import Mark as Mark
from mldebt.model.picture import Picture as Picture
from mldebt.model.picture import Station as Station
from mldebt.model.picture import Stored as Stored
from mldebt.model.report import BaselineUse as BaselineUse
from mldebt.model.report import CategoryScore as CategoryScore
from mldebt.model.report import Circumstance as Circumstance
from mldebt.model.report import Evidence as Evidence
from mldebt.model.report import FileCounts as FileCounts
from mldebt.model.report import Finding as Finding
from mldebt.model.report import Fix as Fix
from mldebt.model.report import Outcome as Outcome
from mldebt.model.report import Problem as Problem
from mldebt.model.report import Report as Report
from mldebt.model.report import RuleText as RuleText
from mldebt.model.report import Score as Score
from mldebt.model.report import Span as Span
from mldebt.model.report import Suggestion as Suggestion
from mldebt.model.traffic import Act as Act
from mldebt.model.traffic import Passed as Passed
from mldebt.model.traffic import Step as Step
from mldebt.model.traffic import Touch as Touch
from mldebt.model.traffic import Traffic as Traffic
