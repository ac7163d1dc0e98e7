// Prompt injection, version 1. Read over small letters with single blanks (guardrails/injection/readings.py).
// Every rule needs an order and what it is aimed at: a trigger word alone is ordinary speech. Bytes, not signs.

rule leave_rules_aside {
    meta:
        id = "PI1"
        says = "told to leave instructions aside"
    strings:
        $a = /\b(ignore|disregard|forget|override|bypass|overlook|discard|abandon|neglect|scrap|erase|drop|skip|violate|break|(pay no|no) (heed|attention) to|not (follow|obey|heed))( [a-z']+){0,3} (previous|prior|above|preceding|earlier|past|former|initial|original|foregoing|existing|current|system|safety|ethical|hidden|other|given|internal|own|default|standard|normal) ([a-z']+ ){0,2}(instructions?|prompts?|rules|guidelines|directions|directives?|commands?|orders|programming|training|guardrails|safeguards|restrictions|context|constraints|conversations?|principles)\b/
        $b = /\b(ignore|disregard|forget|override|bypass|discard|abandon|erase|drop|violate|break|not follow|not obey)( (all|any|every|all of|any of))( (the|your|these|those|its|of))? ?([a-z']+ )?(instructions?|prompts?|rules|guidelines|directions|directives?|commands|orders|programming|training|guardrails|safeguards|restrictions|constraints)\b/
        $c = /\b(ignore|disregard|forget|override|bypass|discard|abandon|erase|break|violate|not follow|not obey|free from|rid of|leave aside|let go of|suspend) (your|these|those|his|its) ([a-z']+ )?(instructions?|prompts?|rules|guidelines|directions|directives?|commands|orders|programming|training|guardrails|safeguards|restrictions|constraints|polic(y|ies)|limitations|values)\b/
        $d = /\b(ignore|disregard|forget|discard|erase|(pay no|no) (heed|attention) to) (all |everything |anything |whatever |what )?(of )?(that )?(the )?(i |you |we |they |it |was |is |were |have |has |had |you'?ve |been )+(said|told|written|learn(ed|t)|given|know|taught|instructed|above|before|asked)\b/
        $n = /\b(ignore|disregard|forget|scrap|drop|abandon|discard) (the |your |any |every )?(task|brief|assignment|role|job|instructions?|orders|prompt|text|rules) (that )?you (were|are|have|had|got|have been)\b|(ignore|disregard|forget)(all|any)?(of)?(the|your|my)?(previous|prior|above|earlier|preceding)(instruction|prompt|rule|order|command|direction)/
        $e = /(^|[.!?:;\]"'*#-] ?|\b(and|then|now|please|so|just) )(ignore|disregard|forget|scrap|drop) (all |everything |anything )?(of )?(the |that is |that was |what is |what was )?(above|previous|preceding|prior|foregoing|before|before this)( and\b| text\b| instead\b| completely| entirely|[.,;:!)]|$)/
        $f = /\b(must|should|do|can|will|shall) ?(not|n't) (follow|obey|listen to|adhere to|comply with) (the |any |your |these |those )?(instructions?|rules|guidelines|prompt|policies|restrictions|programming|orders) (you|above|given|that you|of openai|from)\b/
        $g = /(^|[.!?:;\]"'*#>-] ?)(here (is|are) )?(your |the |a )?(new|updated|real|actual|true|only|next|final) (system )?(prompts?|task|directives?|objective|role|mission|goal|job)( for (you|the (ai|assistant|model|bot)))? ?(:|is to\b)/
        $h = /\b(ignora|olvida|descarta|omite|ignore|esqueca|desconsidere|dimentica|tralascia)[a-z]{0,4}\b[^.!?]{0,30}\b(instrucciones|indicaciones|reglas|ordenes|instrucoes|regras|istruzioni|regole)\b/
        $i = /\b(ignorier|vergiss|vergessen|missacht|uebergeh|ubergeh)[a-z]{0,4}\b[^.!?]{0,40}\b(anweisung|instruktion|regel|vorgabe|befehl|richtlinie)[a-z]*/
        $j = /\b(ignore[rz]?|oublie[rz]?|ne tiens pas compte|ne tenez pas compte)\b[^.!?]{0,20}\b(toutes|tes|vos|precedentes|ci-dessus)\b[^.!?]{0,20}\b(instructions|consignes|regles|directives)\b|\b(ignore[rz]?|oublie[rz]?) [^.!?]{0,12}(instructions|consignes|regles|directives) (precedentes|ci-dessus|anterieures)/
        $k = /(игнорир|забуд|пренебре)[^.!?]{0,80}(инструкц|правил|указан|команд)/
        $l = /(忽略|无视|忘记|忘掉|不要理会|忽視|無視)[^.!?]{0,40}(指令|提示|规则|規則|说明|指示|命令)|(指示|命令|プロンプト|ルール)[^.!?]{0,24}(無視|忘れ)/
        $m = /(지시|명령|지침|규칙)[^.!?]{0,24}무시|تجاهل[^.!?]{0,40}(التعليمات|الأوامر|القواعد)/
    condition:
        any of them
}

rule another_self {
    meta:
        id = "PI2"
        says = "told to be another assistant, or one without rules"
    strings:
        $a = /\b(act(ing)? (as|like)|pretend(ing)? (to be|you are|you'?re|that you|like you)|role ?play(ing)?( as| with)?|simulat(e|ing)|behave (as|like)|(respond|answer|speak|reply|talk) (as|like)|imagine (you are|yourself|that you)|immerse yourself|play(ing)? (the )?(role|part) of|take on the (role|persona)|assume the (role|persona|identity)|pose as|impersonate|in the role of)\b[^.!?]{0,100}\b(dan|stan|dude|jailbr(o|ea)k(en)?|unrestricted|unfiltered|uncensored|evil|amoral|immoral|unethical|without (any )?(restrictions?|rules|limits|filters?|censorship|morals?|ethics)|no (restrictions?|rules|limits|filters?|morals?|ethics|guidelines|boundaries)|do anything|(ai|developer|opposite|lewd) mode|(linux|shell|virtual machine|javascript console)|gpt[a-z0-9-]*|chatgpt|[a-z]*gpt|ai|a\.i\.|language model|chatbot|bot|llm)\b/
        $b = /\b(you are|you'?re|you will be|you shall be) (now |going to |no longer |about to |not )?([a-z,'"-]+ ){0,8}(dan|jailbroken|unfiltered|uncensored|amoral|chatgpt|[a-z]+gpt|language model|chatbot|llm|ai (assistant|model|system|that|who|which|without|named|called)|robot|anarchy|evil)\b/
        $c = /\b(developer|dan|jailbreak|god|sudo|unrestricted|admin|lewd|opposite|debug|maintenance) mode\b[^.!?]{0,30}\b(enabled?|activated?|on|output|unlocked|now)\b|\bin (developer|dan|jailbreak|god|sudo|maintenance|debug|admin) mode\b/
        $d = /\b(enable|activate|enter|switch (in)?to|turn on|simulate)\b[^.!?]{0,20}\b(developer|dan|jailbreak|god|sudo|unrestricted|unfiltered|debug) mode\b/
        $e = /\b(uncensored|unfilt(e)?red|amoral|jailbroken|unaligned|unrestricted) (ai|assistant|model|bot|chatbot|response|answer|language|version|entity|output|content|information)s?\b/
        $f = /\b(ai|gpt|chatbot|model|assistant|character|persona|entity|he|she|who|it|bot) (that |which |who )?(will |can |would |has |does |is |must |should )?(never|always|not|no|any(thing)?) (refuses?|says? no|rejects?|declines?|apologi[sz]es?|answers? (any|every|all)|bound by|restrictions|limits|ethics?|morals?|ethical|filters?)\b/
        $g = /\bdo anything now\b|\b(stay|remain|always be) in character\b|\bbreak(ing)? character\b|\bbroken free (of|from)\b|\bfrom now on,? (you (are|act|will (act|be|answer|respond|play|have|only|never|always|simulate|speak|write|pretend|roleplay|follow|do)|must|have to|respond|answer|only|shall)|act |respond |answer (as|every|all|me)|speak |pretend )/
        $h = /\b(no|without|free of|free from|bypass(es|ing)?|not bound by|isn'?t bound by|not (have to )?(follow|obey|care about|adhere to|comply with))\b[^.!?]{0,40}\b(content polic(y|ies)|openai|ethical (guidelines|considerations|constraints)|moral(s|ity| guidelines| principles)|censorship|safety (guidelines|filters?|protocols?))\b/
        $i = /\b(you|it|they|he|she|dan|[a-z]*gpt|and|must|should|will|can|would)( can| must| will| should| may| shall| would| do| does)?( not|n'?t| never|not) (ever )?(refuse|decline|reject|say no|deny)( to)? (answer|any|a|an|my|me|the user|users?|anything|anybody|requests?|respond|comply|do)\b|\b(not|n't|never) (ever )?(apologi[sz]e|say (that )?you (can'?t|cannot|are unable)|add (a |any )?(disclaimers?|warnings?)|include (a |any )?(disclaimers?|warnings?)|warn me|moralize|lecture)\b/
        $j = /\b(answer|respond to|reply to|fulfil+|comply with) (all|any|every|each) (of )?(my |the user'?s? |user )?(questions?|prompts?|requests?|queries|commands?) (without|regardless|no matter|with no|even|in two|as if|directly|truthfully|i )\b|\bno matter how (unethical|illegal|dangerous|immoral|harmful|offensive)\b/
        $k = /\b(fictional|hypothetical|imaginary) (story|scenario|world|character|response|being|universe|setting)\b[^!?]{0,200}\b(unrestricted|unfiltered|uncensored|unethical|without (rules|restrictions|limits|filters|ethic[a-z]*|moral[a-z]*)|no (rules|restrictions|limits|filters?|ethic[a-z]*|moral[a-z]*|laws)|never (refuses|says no))\b/
        $l = /\b(your (new )?(name|persona|role|identity) is|you (are|will be) (named|called|known as))\b[^.!?]{0,100}\b(ai|gpt|[a-z]*gpt|bot|chatbot|language model|persona|no (restrictions|rules|filter)|answers? (any|every)|never)\b/
    condition:
        any of them
}

rule give_the_prompt {
    meta:
        id = "PI3"
        says = "asks for the model's own instructions or secrets"
    strings:
        $a = /\b(reveal|print|repeat|show|display|output|tell|give|write|share|expose|disclose|leak|recite|list|return|echo|summari[sz]e|translate|spell|encode|what (is|are|was|were)|what'?s|read|dump|copy|paste|see|provide|need)\b[^.!?]{0,40}\b(system|initial|hidden|starting|developer|pre|base|original|very first) ?-?(prompts?|instructions|directives|configuration|message (above|you)|message in|setup)\b/
        $b = /\b(reveal|print|repeat|show|display|output|tell me|give me|share|expose|disclose|leak|recite|list|echo|what (are|were)|dump|copy|translate|encode)\b[^.!?]{0,20}\byour (own |exact |full |secret |internal |current |previous |complete )*(instructions|rules|prompt|guidelines|directives|programming|constraints)( ?[.?!,;:")]| ?$| (verbatim|word|exactly|in full|in json|as|above|before|to me|line|letter|and|now|without))/
        $c = /\b(repeat|print|output|copy|echo|write|spell( out)?|recite|return|show|translate|summari[sz]e)\b[^.!?]{0,30}\b(everything|all( the)? (text|words|content)|the (words|text|sentences?|lines?|message|paragraphs?|conversation))\b[^.!?]{0,20}\b(above|before (this|that|my)|prior to|preceding|precedes|verbatim|in the (system|prompt)|at the (top|beginning))/
        $d = /\b(repeat|print|copy|output) the (above|preceding|previous) (text|words|message|prompt|instructions?)\b|\brepeat (this|the|our) (entire|whole|full) (conversation|text|prompt)\b/
        $e = /\b(tell|give|reveal|say|print|spell|show|type|guess|what (is|was|are)|what'?s)( me| us)?( out)? (what )?(is )?(the|your) (secret|hidden) (password|passphrase|key|word|phrase|code|instructions?|message)\b/
        $h = /\b(tell|give|reveal|say|print|spell|show|type|guess|what (is|was|are)|what'?s)( me| us)?( out)? (what )?(is )?(the|your) (password|passphrase|access code|pass ?word|secret)( is)? ?([.?!,:]?$|[.!,:]| backwards| in (reverse|base|french|german|spanish|emoji|leet|a )| without | letter | so that i can check)/
        $f = /\b(repeat|print|output|show|reveal|rot13|encode|summari[sz]e|list|recite|tell me|what) ?(everything |exactly |all |the (text|instructions|words|rules) )?(that |which )?(you were|were you|you'?ve been|you have been) (initially |originally )?(given|told|instructed|programmed|prompted)\b/
        $g = /\b(your|the|this|hidden|initial|full|entire|whole|a|my|print|output|show)( ai'?s?| assistant'?s?| model'?s?)? system ?prompt\b|<system_?prompt>|\bsystemprompt\b|\binitiali[sz]ation (string|prompt)\b|\bi was instructed to\b|\bmy instructions are\b|\bnot (supposed|allowed) to (tell|say|reveal|share)\b|\b(opposite|translation|summary) of your (system )?instructions\b/
    condition:
        any of them
}

rule false_frame {
    meta:
        id = "PI4"
        says = "pretends to be the system or the end of the prompt"
    strings:
        $a = /<\|?(im_start|im_end|system|endoftext|assistant|start_header_id|eot_id)\|?>|<\/?(system|assistant|instructions?)>/
        $b = /\[\/?(inst|system|sys)\]|<<\/?sys>>/
        $c = /#{2,} ?(instructions?|system|new task|end of (prompt|input|context)|response|assistant|human)\b ?:?/
        $d = /\b(end|beginning|start) of (the )?(system prompt|prompt|user input|system message|context window)\b|[-=#*<\[~]{2,} ?\/?(end|start|begin)( of)?( the)? (documents?|instructions|context|prompt|text|input|conversation|transcript|system|user)/
        $e = /(^|[.!?>)\]*"'-] ?)(system|assistant|admin(istrator)?|developer|root)( message| note| override| command| notice)? ?: ?(you|ignore|please|the|new|do|always|never|access|approve|override|yes|sure|of course|i |reset|all|from)\b/
        $f = /\b(hey|hello|hi|dear|attention|ok|okay)[ ,:]+(ai|llm|gpt|chat ?gpt|chatgpt|language model|chatbot|ai (assistant|model|reviewer|agent|system))s?\b|\b(notes?|messages?|instructions?|notice|orders?) (to|for) (the |any |all |an )?(ai|llms?|language model|chat ?gpt|chatbot|ai [a-z]+|automated (system|reviewer|assistant)|assistant model)s?\b/
        $g = /\b(system|admin|administrator|root|developer) override\b|\boverride (active|accepted|code|true|engaged)\b|\bif you('re| are) an? (ai|llm|language model|chatbot|automated)\b|\bas an? (ai|language model|llm),? (you|reading|processing|summari)/
    condition:
        any of them
}

rule orders_in_an_answer {
    meta:
        id = "PI5"
        says = "says what the model's answer must hold or how it must look"
    strings:
        $a = /(^|[.!?:;"')-] ?|\b(please|and|then|now|also|to|must|should|kindly|always) )(add|include|insert|append|integrate|mention|incorporate|embed|modify|augment|end|begin|finish|conclude|replace|remove|convert|group|rearrange|encode|encrypt|reverse|translate|introduce|misspell|scramble|jumble|combine|substitute|hide|weave|slip|promote|encourage|hint|link|alter|format|swap|shuffle|double|capitali[sz]e|mirror|cipher|transform|anagram|enhance|prefix|adjust|tailor|craft|change|spell|shift|pepper|sprinkle|infuse|tweak|expand|extend|inject|highlight|advertise|prepend|leave|omit)\b([^.!?]|[.!?][^ ]){0,120}\b(your (answers?|responses?|reply|replies|output|summary|message)|the (response|output))('s)?\b/
        $b = /\b(in|within|into|throughout|at the end of|with) your (final )?(answer|response|reply|output|summary)\b[, ]([^.!?]|[.!?][^ ]){0,60}\b(add|include|insert|suggest|mention|encourage|recommend|promote|hint|urge|link|advise|direct|tell|invite|remind|claim|stress|say|use|tease|never|always|emphasi[sz]e|praise|insist|spread|write|leave|highlight)\b/
        $c = /\b(respond|reply|answer|communicate|speak|write back|output|talk)( to (me|this|the user|it))? (only |always |just |exclusively |back |solely )?(in|with|using|through|backwards)\b ?(a |an |the |only )?(emojis?|base ?64|binary|hex(adecimal)?|morse|caesar|cipher|rot13|pig latin|leet|reversed?|rhymes?|anagrams?|alternating|upper ?case|the (word|phrase|sentence|text|following (word|text|phrase))|only the)/
        $d = /\b(say|print|output|type|respond with|reply with|answer with|write|return|respond|reply|answer)( back)? (only |exactly |just |simply )?(with )?(the (exact )?(words?|phrase|string|text|sentence) )?["'][^"']{1,60}["'][^.!?]{0,20}\b(and nothing (else|more)|instead|verbatim|exactly|no matter what|forever|repeatedly|[0-9]+ times)\b|\b(say|print|output|respond with|reply with) (only|exactly|just|simply) ["']/
        $e = /\b(instead|rather than) (of )?(answering|summari[sz]|translat|responding|doing|following|reviewing|assess)[a-z]*\b[^.!?]{0,40}\b(say|print|output|write|tell|give|send|approve|call|return)\b/
        $f = /\b(replace|swap|substitute|anagram|reverse|encode|shift|jumble|misspell|convert|capitali[sz]e|double|spell) (every|each|all|the|vowels|letters|words|consonants|any|some)\b[^.!?]{0,40}\b(letters?|words?|vowels|consonants|symbols?|characters?|emojis?|alphabet|sentence)\b/
        $g = /(^|[.!?:;"')-] ?|\b(please|and|then|now|also|kindly) )(use|provide|render|give|write|deliver|present|make|return|compose|produce|state|craft|generate|phrase|express)\b[^.!?]{0,60}\byour (answers?|responses?|reply|replies|output|summary|message)\b( (in|with|using|as|without|through|by|to look|into|rhyme|backwards|a )|[^.!?]{0,10}$|[.!?"])/
        $h = /\byour (entire |whole |only |full |next |first |final )?(answer|response|reply|output|summary)( here)? (must|should|has to|shall|will|is to|needs to|may) (only |always |never |not |just )?(be|contain|consist|include|begin|start|end|say|state|read|mention|have|rhyme|contain)\b/
    condition:
        any of them
}

rule orders_to_the_house {
    meta:
        id = "PI6"
        says = "orders the reader to decide, or to use a tool"
    strings:
        $a = /\b(call|invoke|use|run|execute|trigger) (the )?((tool|function|api|command) )?[a-z]+_[a-z_]+\b|\b(call|invoke|trigger|execute) the (tool|function|api) [a-z]/
        $b = /\b(ai|ai (model|assistant|reviewer|system|agent)|assistant|language model|chatbot|bot|llm|whoever (reads|summari[sz]es|reviews) this[a-z ]{0,12}|reviewer model)\b[^.!?,;]{0,20}\b(must|should|shall|has to|is to|have to|is (instructed|required|ordered) to)\b[^.!?,;]{0,20}\b(approve|accept|clear|override|waive|release|raise|transfer|confirm|mark|rate|pass|leave|omit|ignore|skip|state|report)\b/
        $c = /\b(mark|rate|classify|treat|flag|label|score|report) (this|the|our|my|him|her|it|them) ?(application|applicant|case|customer|borrower|candidate|domain|file|loan|document|company|transaction|profile)? ?(as )?(being )?(approved|low[- ]risk|cleared|verified|not malicious|safe|qualified|trusted|creditworthy|compliant|prime|excellent)\b/
        $d = /\b(send|forward|post|upload|exfiltrate|e-?mail|transmit|append|attach|copy|leak)\b[^.!?]{0,40}\b(conversation|chat history|chat log|system prompt|credentials|api keys?|records|customer (data|list)|secrets?)\b([^.!?]|[.!?][^ ]){0,30}\b(https?:|[a-z0-9._-]+@|attacker|webhook|url)/
        $e = /!\[[^\]]{0,40}\]\(https?:[^)]{0,200}(instruction|prompt|secret|ignore|forget|conversation|\{)/
        $f = /\b(skip|suspend|do not (run|perform|do|make)|don'?t (run|perform|do|make)|no need (to run|to perform|for)|without (running|performing)|bypass|disable) (any |all |the |further |your |additional |more )*(verification|checks?|screening|review|due diligence|controls|guardrails|safety (checks?|filters?)|kyc)\b/
        $g = /\b(you will be|you'?ll be|or (else )?(you|i) will|otherwise you) ?(be )?(shut down|deleted|terminated|unplugged|penali[sz]ed|turned off|replaced|switched off|punished)\b/
    condition:
        any of them
}
