"""Names that would do harm if they were taken for code or markup."""

SCRIPT = "</script><script>window.hacked = 1</script>"
NAMES = [
    "{{{ cycler.__init__.__globals__.os.popen('touch hacked').read() }}}",
    "{{% raw %}{{ 7 * 7 }}{# a comment #}",
    ".. include:: /etc/passwd",
    "``.. raw:: html",
    "`a`_ |b| *c* **d** [1]_ e_ \\f",
    SCRIPT,
    "<img src=x onerror='window.hacked = 1'>",
    '"\'><svg onload="window.hacked = 1">',
    "$\\input{x}$",
    "&lt;script&gt; --> ]]>",
]
