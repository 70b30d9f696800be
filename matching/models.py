"""Every table of this app; each concern keeps its own."""

from matching.awards.models import SupportGiven
from matching.calendar.models import CalendarAddress
from matching.desk.models import Decision, Recusal, ShortlistEntry
from matching.engine.models import (
    Match,
    MatchAnalysis,
    MatchRun,
    MatchShard,
    MatchSnapshot,
    MatchSuggestion,
    MatchWeights,
    ProfileScoring,
)
from matching.following.models import ToldTip
from matching.learning.models import LearnedWeights, LearningReset
from matching.meeting.conversation.models import Attachment, Message, MessageReport, ReadUpTo
from matching.meeting.models import Introduction, SharedContact
from matching.meeting.times.models import MeetingProposal
from matching.offering.models import OfferedSupport

__all__ = [
    "Attachment",
    "CalendarAddress",
    "Decision",
    "Introduction",
    "LearnedWeights",
    "LearningReset",
    "Match",
    "MatchAnalysis",
    "MatchRun",
    "MatchShard",
    "MatchSnapshot",
    "MatchSuggestion",
    "MatchWeights",
    "MeetingProposal",
    "Message",
    "MessageReport",
    "OfferedSupport",
    "ProfileScoring",
    "ReadUpTo",
    "Recusal",
    "SharedContact",
    "ShortlistEntry",
    "SupportGiven",
    "ToldTip",
]
