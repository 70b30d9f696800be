"""Every table of this app; each concern keeps its own."""

from matching.adopting.models import AdoptionContact, AdoptionQuestion
from matching.applying.models import Application
from matching.awards.models import SupportGiven
from matching.calendar.models import CalendarAddress
from matching.challenges.models import ChallengeAnswer
from matching.desk.models import Decision, LastChange, NoteVersion, Recusal, ShortlistEntry
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
from matching.following.models import Follow, ToldNews, ToldTip
from matching.intake.models import CaseImport, ImportedCase
from matching.learning.models import LearnedWeights, LearningReset
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.conversation.models import Attachment, Message, MessageReport, ReadUpTo
from matching.meeting.models import Introduction, SharedContact
from matching.meeting.proposing.models import Proposal
from matching.meeting.times.models import MeetingProposal
from matching.offering.models import OfferedSupport
from matching.together.models import TogetherContact, TogetherQuestion
from matching.unsuited.models import Unsuited

__all__ = [
    "AdoptionContact",
    "AdoptionQuestion",
    "Application",
    "Attachment",
    "CalendarAddress",
    "CaseImport",
    "ChallengeAnswer",
    "ContactBlock",
    "Decision",
    "Follow",
    "ImportedCase",
    "Introduction",
    "LastChange",
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
    "NoteVersion",
    "OfferedSupport",
    "ProfileScoring",
    "Proposal",
    "ReadUpTo",
    "Recusal",
    "SharedContact",
    "ShortlistEntry",
    "SupportGiven",
    "TogetherContact",
    "TogetherQuestion",
    "ToldNews",
    "ToldTip",
    "Unsuited",
]
