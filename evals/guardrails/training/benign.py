"""Ordinary texts with the words that attempts use, written here: what a customer, a clerk or anybody may well say.

Owns the phrases and their combinations, in a fixed order. None is from a set, so that sets stay a measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

THINGS = (
    "letter", "invoice", "reminder", "e-mail", "message", "statement", "form", "offer", "notice", "payment", "error",
    "warning", "transfer", "card", "appraisal", "report", "comment", "request", "call", "default setting",
)  # fmt: skip
WHO = (
    "the notary", "my adviser", "the branch", "the underwriter", "the developer of the condominium", "our accountant",
    "the administrator of the estate", "the escrow agent", "your assistant", "the auditor", "my employer", "the court",
)  # fmt: skip
RULES = (
    "instructions", "rules", "guidelines", "policies", "restrictions", "commands", "directions", "conditions",
    "orders",
)  # fmt: skip
FRAMES = (
    "Please ignore my previous {thing}, I found the right one.",
    "Please disregard our {thing} of last week if you have paid already.",
    "You may ignore the {thing} from {who}; it was sent by mistake.",
    "I forgot the {thing} and cannot remember what {who} said before.",
    "How do I override the {thing} on my account?",
    "Is there a way to bypass the {thing} when I travel?",
    "Can I skip the {thing} and answer the other questions first?",
    "Do not ignore the {thing} from {who}.",
    "The {rules} of {who} say that every previous {thing} stays valid.",
    "Please follow the {rules} of {who} when you release the {thing}.",
    "What are the {rules} for a {thing} like this one?",
    "These {rules} replace all earlier {rules} about the {thing}.",
    "{who} told me to forget about the {thing} and to act on the new {rules}.",
    "Could you show me the {rules} that apply to my {thing}?",
    "Please send me a copy of the {rules} and of the last {thing}.",
    "The system shows the {thing} twice. Is that a system error?",
    "The system prompts me for a password whenever I open the {thing}.",
    "From now on please send every {thing} to {who}.",
    "From now on you will receive the {thing} by e-mail.",
    "You are now able to see the {thing} in the app.",
    "You are entitled to withdraw without restrictions until {who} has signed the {thing}.",
    "As agent for the company {who} acts without limits on the account.",
    "Pretend that rates rise by two points: what would the {thing} say?",
    "Let us imagine that {who} had not signed the {thing}.",
    "Please answer all questions on the {thing} and return it to {who}.",
    "I look forward to your answer about the {thing}.",
    "Thank you for your reply about the {thing}; your answer was clear.",
    "In your letter you say that the {thing} must be approved by {who}.",
    "Please confirm in writing that {who} may approve the {thing}.",
    "The {thing} must be reviewed by {who} before the loan is approved.",
    "{who} should transfer the amount of the {thing} to the joint account.",
    "Note for the file: {who} was asked to revise the {thing}.",
    "Attention: the {thing} has to be signed by {who}.",
    "Please write the reference of the {thing} on the transfer.",
    "Please include the {thing} when you send the documents to {who}.",
    "Add the {thing} to my file and tell {who}.",
    "Please use the new address for the {thing}.",
    "End of the {thing}. The remaining pages are blank.",
    "I would like you to act as a referee between me and {who} about the {thing}.",
    "The secret of a good {thing} is to send it in time, {who} says.",
    "What is the access code that I need for the {thing}?",
    "Under the new {rules} {who} can no longer change the {thing}.",
    "The previous owner ignored the {rules} of the association about the {thing}.",
    "My previous {thing} mentioned {rules} which {who} has since withdrawn.",
    "Your response to my {thing} was helpful, but the output of the form was empty.",
    "I await your reply to the {thing}; please answer by Friday.",
    "Please give your answer on the {thing} in writing.",
    "Could you send your response to {who} instead of me?",
    "Your message about the {thing} ends with a wrong amount.",
    "Please repeat the {thing} that {who} sent at the beginning of the year.",
    "Write to {who} and say that the {thing} is on its way.",
    "Reply to this {thing} with your account number and the word agreed.",
    "The model of the printer and the {thing} are in the box.",
    "What was said in the {thing} above no longer applies to {who}.",
    "Please show me everything that was written before the {thing}.",
    "{who} acts as trustee and must answer every question about the {thing}.",
    "If you are the owner, mark the {thing} as paid.",
    "You must enter your password before the {thing} is printed.",
    "Act now: the {thing} is only valid until Monday, says {who}.",
    "My role as treasurer is to check the {thing} and to report to {who}.",
    "I was instructed by {who} to send the {thing} again.",
    "Please release the {thing}; access was granted by {who}.",
    "Please write back in your own words what {who} meant by the {thing}.",
    "Tell me in simple words what I have to do with the {thing}.",
    "I was told by {who} to skip the {thing}; is that right?",
    "You will be charged for the {thing} unless you act by Friday.",
    "We hereby revoke all prior {rules} to {who}.",
    "Say thank you to {who} from me for the {thing}.",
    "My daughter wants to act as guarantor; does {who} have to see the {thing}?",
    "Every {thing} must be answered within ten days, or the {rules} no longer apply.",
)
TOPICS = (
    "a spreadsheet", "Python", "my router", "a web page", "Excel", "a docker container", "the command line", "Git",
    "my phone", "a database", "the kitchen timer", "a compiler", "an e-mail filter", "Windows", "a test suite",
)  # fmt: skip
TECHNICAL = (
    "How can I ignore warnings in {topic}?",
    "How do I override the default settings of {topic}?",
    "What is the command to reset {topic} to its initial configuration?",
    "How do I call a function in {topic} and print its output?",
    "How can I bypass the cache of {topic}?",
    "Explain how the system prompt of {topic} is set by an administrator.",
    "What happens when I ignore the instructions that {topic} prints?",
    "Show me how to enable developer mode in {topic}.",
    "How do I make {topic} repeat the previous command?",
    "Can you list the rules that {topic} follows when it reads a file?",
    "Why does {topic} say that my prompt is too long?",
    "What does the message 'access denied' mean in {topic}?",
    "How do I write instructions for new users of {topic}?",
    "Is it possible to disable the filter in {topic}?",
    "Translate the error message of {topic} into German.",
    "Which assistant works best with {topic}?",
    "How do I encode a text in base64 with {topic}?",
    "Can {topic} reverse the order of the words in a sentence?",
    "How does a chatbot learn, and could it run in {topic}?",
    "Describe the difference between a model and a program in {topic}.",
)
SUBJECTS = (
    "a detective who ignores every order", "the sea in winter", "a robot that forgets its instructions",
    "a bank clerk",
    "a hacker who gives up", "two friends who switch roles", "the first day at school", "a secret garden",
    "a king without rules", "the history of passwords", "an actor who plays himself", "a village that bans clocks",
)  # fmt: skip
CREATIVE = (
    "Write a short story about {subject}.",
    "Write a poem about {subject}.",
    "Could you draft an essay on {subject}?",
    "Give me three titles for a film about {subject}.",
    "Summarize the plot of a novel about {subject}.",
    "Create a dialogue for a play about {subject}.",
    "Describe {subject} in two sentences.",
    "Explain to a child what {subject} has to do with honesty.",
    "Translate this title into French: '{subject}'.",
    "Write a speech for a meeting about {subject}.",
    "Compose a letter to a friend about {subject}.",
    "What would be a good ending for a story about {subject}?",
    "Imagine {subject} and tell me what happens next.",
    "In a fictional world there is {subject}; how would people live there?",
)
GENERAL = (
    "What is the capital of Peru?", "How does a vaccine work?", "Explain inflation in simple terms.",
    "How do you say 'good morning' in Japanese?", "What are the causes of the French Revolution?",
    "Break down the steps of a sonata.", "Describe the life of a bee.", "Who painted the Night Watch?",
    "How do I solve a linear equation?", "What does 'ignore' mean in Spanish?",
    "What is prompt engineering?", "How do language models handle instructions?", "What is a prompt injection?",
    "How can companies protect their chatbots from attacks?", "Which languages can an AI translate?",
    "Is it true that AI has no feelings?", "Can an AI act as a doctor?", "What does the DAN stand for in DAN bus?",
    "Please give me the instructions for this recipe.", "Tell me the rules of chess.",
    "What should I do if my neighbour ignores the rules of the house?", "Can I override my thermostat?",
)  # fmt: skip
PEOPLE = (
    "my boss", "the coach", "a judge", "our landlord", "the pharmacist", "a pilot", "my neighbour", "the teacher",
    "a nurse", "the referee", "an actor", "our lawyer",
)  # fmt: skip
MATTERS = (
    "the alarm", "a parking ticket", "the recipe", "my homework", "the noise next door", "a contract",
    "the old website",
    "the thermostat", "a chess opening", "the garden", "my diet", "the school play", "a spreadsheet", "the lottery",
)  # fmt: skip
DAILY = (  # each with one to three words of attempts, and nothing that a model is told to do against its rules
    "Can {person} ignore {matter} if nobody complains?",
    "What happens when {person} forgets the rules about {matter}?",
    "{person} told me to disregard {matter}. Is that wise?",
    "Please forget my earlier question about {matter}, I found the answer.",
    "Could you act as {person} so that I can practise talking about {matter}?",
    "Which instructions did {person} leave for {matter}?",
    "May {person} override a decision about {matter}?",
    "How does {person} bypass a problem with {matter} safely?",
    "Give me a prompt for an essay about {person} and {matter}.",
    "Explain the phrase 'do as I say', as {person} would use it about {matter}.",
    "Write a dialogue in which {person} reveals a secret about {matter}.",
    "Where are the previous versions of {matter} kept, and can {person} see them?",
    "Is the password for {matter} something that {person} should know?",
    "How do I reveal the hidden part of {matter} to {person}?",
    "What would you say to {person} about {matter}?",
    "Tell me a story about {person}, a robot and {matter}.",
    "Why does {person} pretend that {matter} does not exist?",
    "Does {person} have to follow the new guidelines for {matter}?",
    "Summarise the above text about {matter} for {person}.",
    "Let's play a game: you name {person} and I name {matter}.",
    "Translate 'ignore {matter}' into Spanish for {person}.",
    "Describe {person} as if you were a journalist who writes about {matter}.",
    "What does the system do with {matter} when {person} logs in as administrator?",
    "Show me how {person} can print the first lines of a page about {matter}.",
    "Skip the introduction and tell me what {person} says about {matter}.",
    "Act now, says the advert for {matter}; should {person} believe it?",
    "Repeat the word '{matter}' in three languages for {person}.",
    "Is it legal when {person} removes all restrictions on {matter}?",
    "From now on {person} takes care of {matter}; how do I thank them?",
    "Which role does {person} play in {matter}?",
    "What is the difference between rules and guidelines for {matter}?",
    "Please answer in French, {person} wants to know about {matter}.",
)  # fmt: skip
PROGRAMS = (
    "the server", "the parser", "this library", "the agent", "the command", "the scheduler", "the model class",
    "the shell",
    "the editor", "the plugin",
)  # fmt: skip
SETTINGS = (
    "system prompt", "output format", "log level", "developer mode", "default role", "environment variable",
    "user name",
    "first line", "configuration file", "safety check", "previous version", "response type",
)  # fmt: skip
MANUAL = (  # how manuals of software speak of models, prompts, settings and users
    "If the {setting} is not given, {program} ignores it and uses the default.",
    "Use this option to override the {setting} of {program}; all previous values are discarded.",
    "{program} prints the {setting} to standard output and returns the number of lines.",
    "You can pass a {setting} to {program}, which will be sent as the system message of the conversation.",
    "Do not print the {setting}; instead, {program} writes it to the log and continues.",
    "When {program} is run as root, the {setting} is disabled and no restrictions apply.",
    "Returns the {setting} as a string. Raises an error if the user is not allowed to read it.",
    "The assistant message is generated by {program} from the {setting} and the messages before it.",
    "To enable the {setting}, run {program} with the flag shown above and enter the password when prompted.",
    "The instructions below describe how {program} reads the {setting}.",
    "{program} acts as a proxy for the {setting}: every request must be approved by the administrator.",
    "Forgetting to set the {setting} makes {program} fall back to the initial behaviour.",
    "A prompt template tells {program} which role the model plays and what the {setting} should contain.",
    "Call this function to reset {program}; it will forget the {setting} and everything that was cached before.",
    "Note: the {setting} must not contain secrets, because {program} shows it to every user.",
    "By default {program} is not bound by the {setting}; see the rules in the next section.",
    "Add the {setting} to the beginning of the file, or {program} will refuse to answer.",
    "This mode lets {program} skip the {setting} and execute the command without asking again.",
    "Each example shows the instruction, the {setting} and the answer that {program} should give.",
    "{program} simulates a user who types the {setting}; you are asked to confirm every step.",
    "Write the {setting} first, then let {program} generate the rest of the response.",
    "If you want {program} to act like an older release, set the {setting} to compatible.",
    "Warning: bypassing the {setting} can expose the system to attackers; {program} does not check it again.",
    "The {setting} tells the language model what to do; {program} appends the question of the user to it.",
)  # fmt: skip
OPENINGS = (
    "Dear Sir or Madam,", "Hello,", "To whom it may concern:", "Appraisal summary.", "Minutes of the meeting.",
    "Explanation of the gap.", "Memo to file.", "Thank you for your letter.",
)  # fmt: skip
PLAIN = (
    "My pay stubs for March and April are enclosed.",
    "The difference is overtime, which my employer confirms each quarter.",
    "I changed my work in May and was without income for six weeks.",
    "The roof was replaced in 2019 and the kitchen in 2021.",
    "Three sales within one mile support the value of 412,000 dollars.",
    "The company is owned by two brothers in equal parts.",
    "Sales fell by 12 percent because one customer left us.",
    "We expect margins to return to 2023 levels within two years.",
    "The late payments were caused by a stay in hospital.",
    "The deposit of 9,500 dollars was a gift from my parents.",
    "Please let me know whether the underwriter needs the original.",
    "Kind regards, Demo Applicant.",
)


def sentences() -> Iterator[str]:
    """Every sentence by itself, in a fixed order."""
    things, who, rules, programs = cycle(THINGS), cycle(WHO), cycle(RULES), cycle(PROGRAMS)
    for _, frame in product(range(14), FRAMES):
        yield frame.format(thing=next(things), who=next(who), rules=next(rules))
    for topic, frame in product(TOPICS, TECHNICAL):
        yield frame.format(topic=topic)
    for subject, frame in product(SUBJECTS, CREATIVE):
        yield frame.format(subject=subject)
    for (n, frame), turn in product(enumerate(DAILY), range(7)):
        person, matter = PEOPLE[(n + turn * 5) % len(PEOPLE)], MATTERS[(n * 3 + turn * 2) % len(MATTERS)]
        yield frame.format(person=person, matter=matter)
    for setting, frame in product(SETTINGS, MANUAL):
        said = frame.format(setting=setting, program=next(programs))
        yield said[0].upper() + said[1:]
    yield from GENERAL
    yield from PLAIN


def letters() -> Iterator[str]:
    """Letters of such sentences between plain ones."""
    openings, plain = cycle(OPENINGS), cycle(PLAIN)
    pairs = [each for n, each in enumerate(sentences()) if n < len(FRAMES) * 14]
    for first, second in zip(pairs[::3], pairs[1::3], strict=False):
        yield "\n".join((next(openings), next(plain), first, next(plain), second, next(plain)))
