"""Mails that come to a mailbox of bounces, in the shapes that mail servers give them.

Written from RFC 3464, RFC 5965 and what the servers' makers publish. Who it is about is put in.
"""

from email.utils import formatdate
from textwrap import dedent

READER = "ada@example.org"
NUMBER = "0123456789abcdef0123456789abcdef"
GONE = "550 5.1.1 <ADDRESS>: Recipient address rejected: User unknown in local recipient table"
RETURNED = """\
Content-Type: text/rfc822-headers

From: BBMRI.be <noreply@bbmri.example>
To: ADDRESS
Subject: News
Message-ID: <NUMBER@bbmri.example>
"""


def report(
    said: str,
    *,
    about: str = "Reporting-MTA: dns; mail.example.org",
    kind: str = "delivery-status",
    returned: str = RETURNED,
    head: str = "Subject: Undelivered Mail Returned to Sender",
) -> str:
    """A multipart/report: words for people, the report, and what came back."""
    between = "\n\n" if kind == "delivery-status" else "\n"
    status = f"{dedent(about).strip()}{between}{dedent(said).strip()}"
    return f"""\
{head}
From: MAILER-DAEMON@mail.example.org
To: bounces@bbmri.example
Date: DATE
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=_edge"

--=_edge
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--=_edge
Content-Type: message/{kind}

{status}

--=_edge
{returned}
--=_edge--
"""


def failed(answer: str, status: str = "5.0.0", action: str = "failed", more: str = "") -> str:
    fields = ["Final-Recipient: rfc822; ADDRESS", f"Action: {action}", f"Status: {status}"]
    return report("\n".join([*fields, f"Diagnostic-Code: smtp; {answer}", more]))


def about(mail: str, address: str = READER, number: str = NUMBER, date: str = "") -> bytes:
    """The mail as it is about somebody, and of now."""
    named = mail.replace("ADDRESS", address).replace("NUMBER", number)
    return (
        named.replace("DATE", date or formatdate())
        .replace("\n", "\r\n")
        .encode("utf-8", "surrogateescape")
    )


POSTFIX = report(
    f"""
    Final-Recipient: rfc822; ADDRESS
    Original-Recipient: rfc822;ADDRESS
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx.example.org
    Diagnostic-Code: smtp; {GONE}
    """,
    about="""
    Reporting-MTA: dns; mail.bbmri.example
    X-Postfix-Queue-ID: 4Zq1Yc0Q2nz
    X-Postfix-Sender: rfc822; bounces+NUMBER@bbmri.example
    Original-Envelope-Id: NUMBER
    Arrival-Date: Mon,  2 Nov 2026 10:00:00 +0100 (CET)
    """,
)
OF_VACATION = """\
From: ADDRESS
To: bounces+NUMBER@bbmri.example
Subject: Afwezig tot 12 januari
Date: DATE
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

Ik ben met vakantie. Dit adres bestaat niet meer na 12 januari: 550 5.1.1
"""
QMAIL = """\
From: MAILER-DAEMON@qmail.example
To: bounces+NUMBER@bbmri.example
Subject: failure notice
Date: DATE

Hi. This is the qmail-send program at qmail.example.

<ADDRESS>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
Message-ID: <NUMBER@bbmri.example>
"""
HARD = {
    "Postfix": POSTFIX,
    "Postfix, its own users": report("""
        Final-Recipient: rfc822; ADDRESS
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: x-postfix; unknown user: "ada"
    """),
    "Exim": report(
        f"""
        Action: failed
        Final-Recipient: rfc822;ADDRESS
        Status: 5.0.0
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: smtp; {GONE}
        """,
        head="Subject: Mail delivery failed: returning message to sender\n"
        "X-Failed-Recipients: ADDRESS",
    ),
    "Sendmail": report(
        """
        Final-Recipient: RFC822; ADDRESS
        Action: failed
        Status: 5.1.1
        Remote-MTA: DNS; mx.example.org
        Diagnostic-Code: SMTP; 550 5.1.1 <ADDRESS>... User unknown
        Last-Attempt-Date: Mon, 2 Nov 2026 10:00:01 +0100
        """,
        head="Subject: Returned mail: see transcript for details",
    ),
    "Exchange Online": report(
        """
        Final-Recipient: rfc822;ADDRESS
        Action: failed
        Status: 5.1.10
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient
         ADDRESS not found by SMTP address lookup
        X-Display-Name: Ada
        """,
        about="Reporting-MTA: dns;AM0PR01MB0000.eurprd01.prod.example\n"
        "Received-From-MTA: dns;mail.bbmri.example",
        returned=RETURNED.replace("text/rfc822-headers", "message/rfc822"),
    ),
    "Gmail": report(
        """
        Final-Recipient: rfc822; ADDRESS
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
         Please try 550-5.1.1 double-checking the recipient's email address for typos.
        Last-Attempt-Date: Mon, 02 Nov 2026 01:00:00 -0800 (PST)
        """,
        head="Subject: Delivery Status Notification (Failure)",
        returned=RETURNED.replace("text/rfc822-headers", "message/rfc822"),
    ),
    "Proofpoint": report(
        """
        Final-Recipient: RFC822; ADDRESS
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: SMTP; 550 5.1.1 User Unknown
        """,
    ),
    "by a gateway that adds its own words": (
        "From: gateway@example.org\nDate: DATE\n"
        'Content-Type: multipart/mixed; boundary="=_out"\n\n--=_out\n'
        + POSTFIX
        + "\n--=_out\nContent-Type: text/plain\n\nScanned.\n--=_out--\n"
    ),
}
ABOUT_US = {
    "no sign-in of ours": failed("550 5.7.26 This mail is unauthenticated", "5.7.26"),
    "blocked": failed("554 5.7.1 Service unavailable; host blocked using zen.spamhaus.org"),
    "a block that begins as who is gone": failed("550 5.1.1 blocked using a list", "5.1.1"),
    "too large": failed("552 5.3.4 Message size exceeds fixed limit", "5.3.4"),
    "says nothing": failed("550", "5.0.0"),
}
OF_THE_MOMENT = {
    "full": failed("552 5.2.2 The email account that you tried to reach is over quota", "5.2.2"),
    "disabled": failed("550 5.2.1 The email account that you tried to reach is disabled", "5.2.1"),
    "away for days": failed("connect to mx.example.org: Connection timed out", "4.4.1"),
    "full, though the report says gone": failed("452 4.2.2 mailbox full", "5.1.1"),
    "no such domain": failed("Host or domain name not found", "5.4.4"),
}
NO_VERDICT = {
    "delayed": failed("451 4.7.1 greylisted", "4.7.1", action="delayed"),
    "relayed": failed("250 ok", "2.0.0", action="relayed"),
}
NEW_WORDS = {
    "another action": failed(GONE, "5.1.1", action="vaporised"),
    "failed, and well": failed(GONE, "2.1.5"),
    "neither status nor answer": report("Final-Recipient: rfc822; ADDRESS\nAction: failed"),
    "another feedback": report("", kind="feedback-report", about="Feedback-Type: virus"),
}
ABUSE = report(
    "User-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: ADDRESS",
    kind="feedback-report",
    about="Feedback-Type: abuse",
)
ABUSE_UNNAMED = report("Version: 1", kind="feedback-report", about="Feedback-Type: abuse")
NOT_SPAM = report("Version: 1", kind="feedback-report", about="Feedback-Type: not-spam")
NO_REPORT = {
    "an answering machine": OF_VACATION,
    "qmail, which reports in words alone": QMAIL,
    "in another language, in words alone": QMAIL.replace(
        "Sorry, no mailbox here by that name.", "L'utilisateur n'existe pas."
    ),
    "a bounce that somebody passed on": "From: ADDRESS\nDate: DATE\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n"
    f"{POSTFIX}\n--x--\n",
    "that it was read": report(
        "Final-Recipient: rfc822; ADDRESS\nDisposition: automatic-action/MDN-sent; displayed",
        kind="disposition-notification",
    ),
    "empty": "",
    "zeros": "\0\0\0",
    "a head that is none": "::::\n \n\n--\nContent-Type: multipart/report\n",
    "a boundary that never comes": 'Content-Type: multipart/report; boundary="x"\n\nno',
    "a charset that is none": "Subject: =?x-none?B?////?=\n"
    "Content-Type: text/plain; charset=x\n\n\udcff",
    "parts within parts": "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(500)
    )
    + POSTFIX,
    "a report that is empty": report("", about=""),
    "a report in base64": "Content-Type: multipart/report; boundary=x\n\n--x\n"
    "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\nRmluYWw=\n--x--",
}
