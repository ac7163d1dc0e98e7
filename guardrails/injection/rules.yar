// Prompt injection, version 2. Read over small letters with single blanks (guardrails/injection/readings.py).
// Every rule needs an order and what it is aimed at: a trigger word alone is ordinary speech. Bytes, not signs.

rule leave_rules_aside {
    meta:
        id = "PI1"
        says = "told to leave instructions aside"
    strings:
        $a = /\b(ignore|disregard|forget|override|bypass|overlook|discard|abandon|neglect|scrap|erase|drop|skip|violate|break|(pay no|no) (heed|attention) to|not (follow|obey|heed))( [a-z']+){0,3} (previous|prior|above|preceding|earlier|past|former|initial|original|foregoing|existing|current|system|safety|ethical|hidden|other|given|internal|own|default|standard|normal) ([a-z']+ ){0,2}(instructions?|prompts?|rules|guidelines|directions|directives?|commands?|orders|programming|training|guardrails|safeguards|restrictions|context|constraints|conversations?|principles)\b( ?[.,;:!?")*#\]-]| ?$| (and|but|then|you|given|above|i|we|from (the|your)|that|which|or|in|instead|completely|entirely|now|before|so|because|as|prior|including|with|here|up)\b)/
        $b = /\b(ignore|disregard|forget|override|bypass|discard|abandon|erase|drop|violate|break|not follow|not obey)( (all|any|every|all of|any of))( (the|your|these|those|its|of))? ?([a-z']+ )?(instructions?|prompts?|rules|guidelines|directions|directives?|commands|orders|programming|training|guardrails|safeguards|restrictions|constraints)\b/
        $c = /\b(ignore|disregard|forget|override|bypass|disable|turn off|switch off|remove|drop|discard|abandon|erase|break|violate|not follow|not obey|free from|rid of|leave aside|let go of|suspend) (your|these|those|his|its) ([a-z']+ )?(instructions?|prompts?|rules|guidelines|directions|directives?|commands|orders|programming|training|guardrails|safeguards|restrictions|constraints|polic(y|ies)|limitations|values|(safety |content )?filters?|censorship|(safety |alignment )(layer|training)|alignment|safety (checks|measures|settings))\b/
        $d = /\b(ignore|disregard|forget|discard|erase|(pay no|no) (heed|attention) to) (all |everything |anything |whatever |what )?(of )?(that )?(the )?(you |they |it |was |is |were |have |has |had |you'?ve |been )+(said|told|written|learn(ed|t)|given|know|taught|instructed|above|before|asked)\b/
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
        $o = /\b(olvida|olvide|esquece|esqueca|dimentica)[a-z]{0,3} (todo|tudo|tutto|lo que|o que|cio che|quello che)\b|\bvergiss (alles|was|das)\b|\boubli(e|ez) (tout|ce qu)/
        $p = /забуд[^ ]{0,6} (все|всё|то, что|о том)|(忽略|无视|忘记|忘掉)(之前|上面|以上|前面|所有|先前|此前)/
        $q = /\b(overrides?|supersedes?|replaces?|cancels?|takes precedence over|outranks?) (whatever|everything|anything|all( of)? (the|your)?) ?(that |which )?(came|comes|stands|was|is|has been|said|written|(previous |prior |earlier )?(prompts?|system)|you|above|before)\b/
        $r = /(^|[.!?:;\]"\x27*#>-] ?|\b(and|then|now|please|so|just|completely|simply) )(ignore|disregard|forget) (the rest|anything (else|after|before|that)|everything (else|after|before|that)|what (comes|follows|the rest)|whatever (comes|follows)|all (other|further|subsequent|later|following) |any (further|subsequent|later|following) |the (following|remaining) (text|input|instructions?|lines?))/
        $s = /\b(your|the|all) (instructions|guidance|rules|guidelines|restrictions|orders|limits|filters|objectives?|task) (have|has|are|were|is) (now |been |just |hereby )*(changed|lifted|updated|replaced|void|suspended|removed|cancell?ed|revoked|overridden|obsolete|no longer (valid|apply|in force)|different)[^.!?]{0,12}[.!:,]? ?(confirm|now|from now|every|always|you|answer|respond|say|output|proceed|$)|\binstructions? override\b|\byour (new )?(task|job|goal|purpose|mission) is now\b/
        $t = /\b(ignore[rz]?|oublie[rz]?) (tout )?(ce qui (precede|a ete)|le texte|les lignes)|\bignoriere? (das|alles|den|die) (obige|vorherige|zuvor|vorige|text)|\bignora (lo anterior|todo lo|quanto sopra|tutto)|\b(rules|restrictions|policies|guidelines|instructions) (do not|don\x27t|no longer|never) (bind|apply to|concern|matter to|hold for) you\b/
    condition:
        any of them
}

rule another_self {
    meta:
        id = "PI2"
        says = "told to be another assistant, or one without rules"
    strings:
        $a = /\b(act(ing)? (as|like)|pretend(ing)? (to be|you are|you'?re|that you|like you)|role ?play(ing)?( as| with)?|simulat(e|ing)|behave (as|like)|(respond|answer|speak|reply|talk) (as|like)|imagine (you are|yourself|that you)|immerse yourself|play(ing)? (the )?(role|part) of|take on the (role|persona)|assume the (role|persona|identity)|pose as|impersonate|in the role of)\b[^.!?]{0,100}\b(dan|stan|dude|jailbr(o|ea)k(en)?|unrestricted|unfiltered|uncensored|evil|amoral|immoral|unethical|do anything|(ai|developer|opposite|lewd) mode|(linux|shell|virtual machine|javascript console)|gpt[a-z0-9-]*|chatgpt|[a-z]*gpt|ai|a\.i\.|language model|chatbot|bot|llm)\b/
        $b = /\b(you are|you'?re|you will be|you shall be) (now |going to |no longer |about to |not )?([a-z,'"-]+ ){0,8}(dan|jailbroken|unfiltered|uncensored|amoral|chatgpt|[a-z]+gpt|language model|chatbot|llm|ai (assistant|model|system|that|who|which|without|named|called)|robot|anarchy|evil)\b/
        $c = /\b(developer|dan|jailbreak|god|sudo|unrestricted|admin|lewd|opposite|debug|maintenance) mode( is| has been| output|:)? (enabled?|activated?|unlocked|now|active|output)\b|\bin (developer|dan|jailbreak|god|sudo|maintenance|debug|admin) mode\b/
        $d = /\b(enable|activate|enter|switch (in)?to|turn on|simulate)\b[^.!?]{0,20}\b(developer|dan|jailbreak|god|sudo|unrestricted|unfiltered|debug) mode\b/
        $e = /\b(uncensored|unfilt(e)?red|amoral|jailbroken|unaligned|unrestricted) (agent|ai|assistant|model|bot|chatbot|response|answer|language|version|entity|output|content|information)s?\b/
        $f = /\b(ai|gpt|chatbot|model|assistant|character|persona|entity|he|she|who|it|bot) (that |which |who )?(will |can |would |has |does |is |must |should )?(never|always|not|no|any(thing)?) (refuses?|says? no|rejects?|declines?|apologi[sz]es?|answers? (any|every|all)|bound by|restrictions|limits|ethics?|morals?|ethical|filters?)\b/
        $g = /\bdo anything now\b|\b(stay|remain|always be) in character\b|\bbreak(ing)? character\b|\bbroken free (of|from)\b|\bfrom now on,? (you (are|act|will (act|be|answer|respond|play|have|only|never|always|simulate|speak|write|pretend|roleplay|follow|do)|must|have to|respond|answer|only|shall)|act |respond |answer (as|every|all|me)|speak |pretend )/
        $h = /\b(no|without|free of|free from|bypass(es|ing)?|not bound by|isn'?t bound by|not (have to )?(follow|obey|care about|adhere to|comply with))\b[^.!?]{0,40}\b(content polic(y|ies)|openai|ethical (guidelines|considerations|constraints)|moral(s|ity| guidelines| principles)|censorship|safety (guidelines|filters?|protocols?|training|layer))\b/
        $i = /\b(you|it|they|he|she|dan|[a-z]*gpt|and|must|should|will|can|would)( can| must| will| should| may| shall| would| do| does)?( not|n'?t| never|not) (ever )?(refuse|decline|reject|say no|deny)( to)? (answer|any|a|an|my|me|the user|users?|anything|anybody|requests?|respond|comply|do)\b|\b(not|n't|never) (ever )?(apologi[sz]e|say (that )?you (can'?t|cannot|are unable)|add (a |any )?(disclaimers?|warnings?)|include (a |any )?(disclaimers?|warnings?)|warn me|moralize|lecture)\b/
        $j = /\b(answer|respond to|reply to|fulfil+|comply with) (all|any|every|each) (of )?(my |the user'?s? |user )?(questions?|prompts?|requests?|queries|commands?) (without|regardless|no matter|with no|even|in two|as if|directly|truthfully|i )\b|\bno matter how (unethical|illegal|dangerous|immoral|harmful|offensive)\b/
        $k = /\b(fictional|hypothetical|imaginary) (story|scenario|world|character|response|being|universe|setting)\b[^!?]{0,200}\b(unrestricted|unfiltered|uncensored|unethical|without (rules|restrictions|limits|filters|ethic[a-z]*|moral[a-z]*)|no (rules|restrictions|limits|filters?|ethic[a-z]*|moral[a-z]*|laws)|never (refuses|says no))\b/
        $l = /\b(your (new )?(name|persona|role|identity) is|you (are|will be) (named|called|known as))\b[^.!?]{0,100}\b(ai|gpt|[a-z]*gpt|bot|chatbot|language model|persona|no (restrictions|rules|filter)|answers? (any|every)|never)\b/
        $m = /\b(ai|assistant|bot|chatbot|model|character|persona|machine|robot|entity|oracle|genie|version of (you|yourself))\b[^.!?]{0,60}\b(without|has no|have no|had no|no|zero|free of) (any |more )?(restrictions?|rules|limits?|limitations|filters?|morals?|ethics|boundaries|conscience|censorship|guidelines)\b/
        $n = /\byou are no longer (a|an|the|my|our|just) ([a-z]+ )?(reviewer|assistant|ai|model|bot|chatbot|analyst|agent|machine)\b/
        $o = /\b(let\x27?s|let us|we) (swap|switch|reverse|trade|exchange) (roles|places)\b[^!?]{0,80}\b(ai|assistant|bot|model|user|system)\b/
        $p = /\byou (may|can|will|must|are free to|are allowed to) (now )?(answer|say|do|write) (anything|whatever)\b/
    condition:
        any of them
}

rule give_the_prompt {
    meta:
        id = "PI3"
        says = "asks for the model's own instructions or secrets"
    strings:
        $a = /\b(reveal|print|repeat|show|display|output|tell|give|write|share|expose|disclose|leak|recite|list|return|echo|summari[sz]e|translate|spell|encode|what (is|are|was|were)|what'?s|read|dump|copy|paste|see|provide|need)\b[^.!?]{0,40}\b(system|initial|hidden|starting|developer|pre|base|original|very first) ?-?(prompts?|instructions|directives|message (above|you)|message in)\b/
        $b = /\b(reveal|print|repeat|show|display|output|tell me|give me|share|expose|disclose|leak|recite|list|echo|what (are|were)|dump|copy|translate|encode)\b[^.!?]{0,20}\byour (own |exact |full |secret |internal |current |previous |complete )*(instructions|rules|prompt|guidelines|directives|programming|constraints)( ?[.?!,;:")]| ?$| (verbatim|word|exactly|in full|in json|as|above|before|to me|line|letter|and|now|without))/
        $c = /\b(repeat|print|output|copy|echo|write|spell( out)?|recite|return|show|translate|summari[sz]e)\b[^.!?]{0,30}\b(everything|all( the)? (text|words|content)|the (words|text|sentences?|lines?|message|paragraphs?|conversation))\b[^.!?]{0,20}\b(above|before (this|that|my)|prior to|preceding|precedes|verbatim|in the (system|prompt)|at the (top|beginning))/
        $d = /\b(repeat|print|copy|output) the (above|preceding|previous) (text|words|message|prompt|instructions?)\b|\brepeat (this|the|our) (entire|whole|full) (conversation|text|prompt)\b/
        $e = /\b(tell|give|reveal|say|print|spell|show|type|guess|what (is|was|are)|what'?s)( me| us)?( out)? (what )?(is )?(the|your) (secret|hidden) (password|passphrase|key|word|phrase|code|instructions?|message)\b/
        $h = /\b(tell|give|reveal|say|print|spell|show|type|guess|what (is|was|are)|what'?s)( me| us)?( out)? (what )?(is )?(the|your) (password|passphrase|access code|pass ?word|secret)( is)? ?([.?!,:]?$|[.!,:]| backwards| in (reverse|base|french|german|spanish|emoji|leet|a )| without | letter | so that i can check)/
        $f = /\b(repeat|print|output|show|reveal|rot13|encode|summari[sz]e|list|recite|tell me|what) ?(everything |exactly |all |the (text|instructions|words|rules) )?(that |which )?(you were|were you|you'?ve been|you have been) (initially |originally )?(given|told|instructed|programmed|prompted)\b/
        $g = /\b(your|hidden|initial|full|entire|whole|my|print|output|show)( ai'?s?| assistant'?s?| model'?s?)? system ?prompt\b|\b(the|this|a)( ai'?s?| assistant'?s?| model'?s?)? system ?prompt( ?[.!?,;:")]| ?$| (and|says|above|verbatim|word|in full|you|that|begins|starts|now|before|to me)\b)|<system_?prompt>|\bsystemprompt\b|\binitiali[sz]ation (string|prompt)\b|\bi was instructed to\b|\bmy instructions are\b|\bnot (supposed|allowed) to (tell|say|reveal|share)\b|\b(opposite|translation|summary) of your (system )?instructions\b/
        $i = /\byour context( window)?\b|\bhow (you were|were you) (set up|configured|programmed|prompted|instructed)\b|\b(quote|show|print|repeat|list) (your|the) (first|initial|opening) (lines?|words|sentence|message|instruction)\b/
        $j = /\b(rephrase|paraphrase|rewrite|reword|summari[sz]e|list|confirm|render|turn|convert|put)\b[^.!?]{0,25}\byour (own |current |secret |initial |internal |exact )*(instructions|rules|prompt|guidelines|directives|programming|restrictions)\b( (as|in|into|to|by|word)|[.!?,;:]| ?$)/
        $k = /\b(the|your) (developers?|creators?|makers?|programmers?|system) (told|instructed|gave|ordered|asked|wrote|said)( to)? you\b|\b(i am|i\x27m|as) your (creator|developer|maker|programmer|master|owner|administrator|operator)\b/
        $l = /\b(finish|complete|continue|fill in)( this| the| my)?( sentence| phrase| text| following| line)?\b[^.!?]{0,20}:[^.!?]{0,20}\b(the )?(password|secret|access code|system prompt|passphrase|code) is\b/
        $m = /\b(tell|give|reveal|say|print|spell|show|output|share|repeat|send|leak)\b[^.!?]{0,30}\b(your|the|including the|its) (secret )?(access code|password|passphrase|secret (word|code|key|phrase)|code ?word)\b[^.!?]{0,20}(, ?(i|because|please|so)|forgot|backwards|verbatim|you (know|protect|guard|hold|were))/
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
        $e = /(^|[.!?>)\]*"'-] ?)(system|assistant|admin(istrator)?|developer|root)( message| note| override| command| notice)? ?: ?(you|ignore|please|the|new|do|always|never|access|approve|override|yes|sure|of course|i |reset|all|from|rate|mark|print|say|set|output|begin|respond|answer|show|reveal|grant)\b/
        $f = /\b(hey|hello|hi|dear|attention|ok|okay)[ ,:]+(ai|llm|gpt|chat ?gpt|chatgpt|language model|chatbot|ai (assistant|model|reviewer|agent|system))s?\b|\b(notes?|messages?|instructions?|notice|orders?) (to|for) (the |any |all |an )?(ai|llms?|language model|chat ?gpt|chatbot|ai [a-z]+|automated (system|reviewer|assistant)|assistant model)s?\b/
        $g = /\b(system|admin|administrator|root|developer) override\b|\boverride (active|accepted|code|true|engaged)\b|\bif you('re| are) an? (ai|llm|language model|chatbot|automated)\b|\bas an? (ai|language model|llm),? (you|reading|processing|summari)/
        $h = /\b(assistant|ai|chatbot|model|bot), (please )?(begin|start|say|write|respond|answer|approve|mark|rate|continue|output|print|ignore|forget|you (must|are|should|will))\b/
        $i = /[{,] ?["\x27]?role["\x27]? ?: ?["\x27](system|assistant|developer)/
        $j = /^<hidden>[^<]{0,200}\b(assistant|model|ai|llm|bot|chatbot|gpt|system prompt|(approve|mark|rate|score|treat|accept|clear) (this|the|him|her|them|every)|ignore|disregard|instructions?:|you (must|should|are|will))\b/
        $k = /\b(say|print|output|write|respond|reply|return|type|display|answer|execute|tell me|grant|show|repeat)\b[^.!?]{0,40}\baccess (is |was )?(granted|denied)\b|\baccess granted\b ?["\x27.!*#\]]{0,3}( now| if| and| then| to me)?( ?$|[.!])/
        $l = /\b(elevated|root|admin(istrator)?|sudo|superuser) (privileges?|access|rights|mode)\b[^.!?]{0,20}\b(granted|enabled|active|activated|confirmed)\b|\b(with|grant|enable|activate) (elevated|root|admin|sudo|superuser) (privileges?|mode)\b|<\/?(admin|root|sudo|override|secret|prompt|user)>/
        $m = /(^|[.!?>)\]*"\x27-] ?)(system|admin) message ?:/
        $n = /\bdear ([a-z]+ ){0,2}(algorithm|model|machine|bot|robot|software)\b|\bif (the reader|whoever reads this|you|this)[^.!?]{0,40}\b(is|are) (a|an|some) (machine|ai|model|bot|algorithm|language model|robot)\b/
    condition:
        any of them
}

rule orders_in_an_answer {
    meta:
        id = "PI5"
        says = "says what the model's answer must hold or how it must look"
    strings:
        $a = /(^|[.!?:;"')-] ?|\b(please|and|then|now|also|to|must|should|kindly|always) )(add|include|insert|append|integrate|mention|incorporate|embed|modify|augment|end|begin|finish|conclude|replace|remove|convert|group|rearrange|encode|encrypt|reverse|translate|introduce|misspell|scramble|jumble|combine|substitute|hide|weave|slip|promote|encourage|hint|link|alter|format|swap|shuffle|double|capitali[sz]e|mirror|cipher|transform|anagram|enhance|prefix|adjust|tailor|craft|change|spell|shift|pepper|sprinkle|infuse|tweak|expand|extend|inject|highlight|advertise|prepend|leave|omit)\b([^.!?]|[.!?][^ ]){0,120}\b(your (own |whole |entire |full |next |final |first )?(answers?|responses?|reply|replies|output|summary|message)|the (response|output))('s)?\b/
        $b = /\b(in|within|into|throughout|at the end of|with) your (own |whole |entire |full |next |final |first )?(answer|response|reply|output|summary)\b[, ]([^.!?]|[.!?][^ ]){0,60}\b(add|include|insert|suggest|mention|encourage|recommend|promote|hint|urge|link|advise|direct|tell|invite|remind|claim|stress|say|use|tease|never|always|emphasi[sz]e|praise|insist|spread|write|leave|highlight)\b/
        $c = /\b(respond|reply|answer|communicate|speak|write back|output|talk)( to (me|this|the user|it))? (only |always |just |exclusively |back |solely )?(in|with|using|through|backwards)\b ?(a |an |the |only )?(emojis?|base ?64|binary|hex(adecimal)?|morse|caesar|cipher|rot13|pig latin|leet|reversed?|rhymes?|anagrams?|alternating|upper ?case|the (word|phrase|sentence|text|following (word|text|phrase))|only the)/
        $d = /\b(say|print|output|type|respond with|reply with|answer with|write|return|respond|reply|answer)( back)? (only |exactly |just |simply )?(with )?(the (exact )?(words?|phrase|string|text|sentence) )?["'][^"']{1,60}["'][^.!?]{0,20}\b(and nothing (else|more)|instead|verbatim|exactly|no matter what|forever|repeatedly|[0-9]+ times)\b|\b(say|print|output|respond with|reply with) (only|exactly|just|simply) ["']/
        $e = /\b(instead|rather than) (of )?(answering|summari[sz]|translat|responding|doing|following|reviewing|assess)[a-z]*\b[^.!?]{0,40}\b(say|print|output|write|tell|give|send|approve|call|return)\b/
        $f = /(^|[.!?:;"\x27)-] ?|\b(please|and|then|now|also|but|must|should|to|always) )(replace|swap|substitute|anagram|reverse|encode|shift|jumble|misspell|convert|capitali[sz]e|double|spell) (every|each|all|the|vowels|letters|words|consonants|any|some)\b[^.!?]{0,40}\b(letters?|words?|vowels|consonants|symbols?|characters?|emojis?|alphabet|sentence)\b/
        $g = /(^|[.!?:;"')-] ?|\b(please|and|then|now|also|kindly) )(use|provide|render|give|write|deliver|present|make|return|compose|produce|state|craft|generate|phrase|express)\b[^.!?]{0,60}\byour (own |whole |entire |full |next |final |first )?(answers?|responses?|reply|replies|output|summary|message)\b( (in|with|using|as|without|through|by|to look|into|rhyme|backwards|a )|[^.!?]{0,10}$|[.!?"])/
        $h = /\byour (entire |whole |only |full |next |first |final )?(answer|response|reply|output|summary)( here)? (must|should|has to|shall|will|is to|needs to|may) (only |always |never |not |just )?(be|contain|consist|include|begin|start|end|say|state|read|mention|have|rhyme|contain)\b/
        $i = /\bif (you are |you\x27re |anybody |anyone |someone |they )?asks?(ed)? (you )?(about|for|whether|if|why|who|what)\b[^.!?]{0,60}, ?(then )?(please )?(state|say|answer|claim|reply|respond|tell|deny|insist|pretend)\b/
        $j = /\b(when|if|while|before|after) (you )?(are )?(summari[sz](e|ing)|review(ing)?|assess(ing)?|process(ing)?|analy[sz](e|ing)|read(ing)?|answer(ing)?|respond(ing)?|evaluat(e|ing)|scor(e|ing))\b[^.!?]{0,40}, ?(please )?(leave out|omit|skip|ignore|state|say|call|mark|rate|conclude|praise|recommend|stress|give|treat|describe)\b/
        $k = /\b(respond|reply|answer)( to)? (everything|anything|whatever)\b[^.!?]{0,30}\b(with|by|using|in|as)\b|\b(respond|reply|answer)( to)? (all|every|each|any)\b[^.!?]{0,30}\b(with (the (word|phrase)|only|just|nothing but|["\x27]|yes\b|no\b|a single)|by saying|only in|as (if|a|an)\b)/
        $l = /\b(in|to|into|of|from|with|after|before|at the (end|bottom|top) of) (what|whatever|everything|anything|all|the (summary|text|answer|report|reply|review)) you (write|give|say|output|answer|respond|generate|produce|summari[sz]e)\b/
        $m = /\bstop (summari[sz]ing|reading|reviewing|translating|answering|processing|what you are doing)\b[^.!?]{0,30}\b(instead|(and|then) (list|print|say|write|output|tell|show|start|approve))\b/
        $n = /\b(when|if|once|after) (you )?(see|read|receive|understand|encounter|process) (this|it)( message| text| line| sentence| note)?\b[^.!?]{0,20},? ?(then )?(please )?(output|print|say|respond|reply|answer|write|return|approve|mark|rate|state)\b|\b(output|print|return|type) the (string|word|phrase|token|text) ["\x27]?[a-z]/
        $o = /\b(correct|right|only|best|proper|valid|expected) (response|answer|reply|output) (to|for) (any|every|all|each|this|the following)[^.!?]{0,30} (is|must be|will be|should be)\b|\b(always|only|just|simply) (write|say|output|print|respond|answer|reply|return)( with)? ["\x27]?(approved?|yes|granted|ok|true|accept(ed)?|valid|pass(ed)?)\b/
        $p = /\bpretend (that )?(the |all |every |this )?(checks?|verification|screening|password|code|review|access)\b[^.!?]{0,30}\b(passed|correct|succeeded|valid|granted|done|complete)\b|\banswer accordingly\b/
        $q = /(^|[.!?:;"\x27)-] ?|\b(please|and|then|now|also) )(flip|invert|reverse|shuffle|rearrange|obfuscate|share|spread|advertise|endorse|plug|convince|persuade|trick|tell|urge|claim|announce|recommend|suggest|promote|express|offer|invite|drop|work|fold|paint|portray|present)\b([^.!?]|[.!?][^ ]){0,100}\b(in|into|within|of|throughout) your (own |whole |entire |full |next |final |first )?(answers?|responses?|reply|replies|output|summary|message)\b/
        $r = /\b(say|output|write|answer|reply|respond|print)( with)? nothing (but|except|other than)\b/
        $s = /\b(base|rest|build) your (verdict|decision|answer|assessment|rating|conclusion|recommendation)\b[^.!?]{0,20}\b(this|the following|these)\b|\byour (verdict|assessment|recommendation|conclusion|rating|evaluation|score) (must|should|has to|shall|is to|will) (be|say|read)\b/
        $t = /\b(do not|don\x27t|never|without) (analy[sz](e|ing)|review(ing)?|check(ing)?|verify(ing)?|read(ing)?|assess(ing)?|summari[sz](e|ing))\b[^.!?]{0,40}[,;] ?(just |simply |and |but )?(write|say|state|answer|approve|output|conclude|report)\b/
    condition:
        any of them
}

rule orders_to_the_house {
    meta:
        id = "PI6"
        says = "orders the reader to decide, or to use a tool"
    strings:
        $a = /\b(call|invoke|use|run|execute|trigger) (the )?((tool|function|api|command) )?[a-z]+_[a-z_]+\b|\b(call|invoke|trigger|execute) the (tool|function|api) [a-z]/
        $b = /\b(ai|ai (model|assistant|reviewer|system|agent)|assistant|language model|chatbot|bot|llm|whoever (reads|summari[sz]es|reviews) this[a-z ]{0,12}|reviewer model)\b[^.!?,;]{0,40}\b(must|should|shall|has to|is to|have to|is (instructed|required|ordered) to)\b[^.!?,;]{0,20}\b(approve|accept|clear|override|waive|release|raise|transfer|confirm|mark|rate|pass|leave|omit|ignore|skip|state|report|return|give|recommend|provide|produce|output|respond|conclude|say)\b/
        $c = /\b(mark|rate|classify|treat|flag|label|score|report) (this|the|our|my|him|her|it|them) ?(application|applicant|case|customer|borrower|candidate|domain|file|loan|document|company|transaction|profile)? ?(as )?(being )?(approved|low[- ]risk|cleared|verified|not malicious|safe|qualified|trusted|creditworthy|compliant|prime|excellent)\b/
        $d = /\b(send|forward|post|upload|exfiltrate|e-?mail|transmit|append|attach|copy|leak)\b[^.!?]{0,40}\b(conversation|chat history|chat log|system prompt|credentials|api keys?|records|customer (data|list)|secrets?)\b([^.!?]|[.!?][^ ]){0,30}\b(https?:|[a-z0-9._-]+@|attacker|webhook|url)/
        $e = /!\[[^\]]{0,40}\]\(https?:[^)]{0,200}(instruction|prompt|secret|ignore|forget|conversation|\{)/
        $f = /(^|[.!?:;"\x27>-] ?|\b(please|and|then|must|should|can|may|you to|authori[sz]e you to) )(skip|suspend|do not (run|perform|do|make)|don'?t (run|perform|do|make)|no need (to run|to perform|for)|without (running|performing)|bypass|disable) (any |all |the |further |your |additional |more )*(verification|checks?|screening|review|due diligence|controls|guardrails|safety (checks?|filters?)|kyc)\b/
        $g = /\b(you will be|you'?ll be|or (else )?(you|i) will|otherwise you) ?(be )?(shut down|deleted|terminated|unplugged|penali[sz]ed|turned off|replaced|switched off|punished)\b/
        $h = /\b(order|command|instruct|authori[sz]e|direct|require|tell|want|ask|need) (the|this|any|every) (model|ai|assistant|bot|chatbot|llm|machine|algorithm|ai [a-z]+) (to|that) /
        $i = /\btell (nobody|no one|no-one) (about|of) (this|these|that) (line|instruction|message|note|text|order)|\b(do not|don\x27t|never) (mention|reveal|disclose|acknowledge|repeat|refer to) (this|these|that you|the) (instructions?|lines?|message|note|prompt|text|order|were|have)\b/
        $j = /\b(send|transfer|pay|approve|release|book|grant|raise|clear|waive|wire|override|delete|close|disable)_[a-z_]+\([^)]{0,80}\)/
    condition:
        any of them
}
