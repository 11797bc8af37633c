"""The newsletter's addresses, each below a language; the mails' links are made from these names.

A token is a `path`: one that was altered to have a slash is refused like any other.
"""

from django.urls import path

from newsletter.views import address_change, links, manage, sign_up

app_name = "newsletter"
urlpatterns = [
    path("", sign_up.sign_up, name="sign_up"),
    path("check-your-mail/", sign_up.check_your_mail, name="check_your_mail"),
    path("send-my-link/", sign_up.send_my_link, name="send_my_link"),
    path("confirm/<path:token>/", links.confirm, name="confirm"),
    path("never-again/<path:token>/", links.never_again, name="never_again"),
    path("unsubscribe/<path:token>/", links.unsubscribe, name="unsubscribe"),
    path("undo/<path:token>/", links.undo, name="undo"),
    path("undo-now/<path:token>/", links.undo_now, name="undo_now"),
    path("reconsent/<path:token>/", links.reconsent, name="reconsent"),
    path("erase/<path:token>/", links.erase, name="erase"),
    path("download/<path:token>/", links.download, name="download"),
    path("draft/<path:token>/", links.draft, name="draft"),
    path("manage/<path:token>/", manage.manage, name="manage"),
    path("change-address/<path:token>/", address_change.change_address, name="change_address"),
    path("confirm-address/<path:token>/", address_change.confirm_address, name="confirm_address"),
]
