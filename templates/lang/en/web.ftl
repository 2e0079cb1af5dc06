web-home = Back to the front page
web-error-400-title = That did not make sense
web-error-400 = The request was not one we understand. Nothing was changed.
web-error-403-title = Not for you
web-error-403 = This page belongs to someone else. If it should be yours, sign in with the right account.
web-error-403-cross-site = The request came from another site, so it was refused. Nothing was changed.
web-error-404-title = Nothing here
web-error-404 = There is no page at this address. It may have been moved or taken back.
web-error-405-title = Not like this
web-error-405 = This address does not take that kind of request.
web-error-413-title = Too much at once
web-error-413 = What you sent is larger than we take. Nothing was changed; make it smaller and try again.
web-error-415-title = The wrong kind
web-error-415 = We cannot read that kind of content. Nothing was changed.
web-error-422-title = Something is missing
web-error-422 = The form did not arrive whole. Go back, check it, and send it again.
web-error-429-title = A little slower, please
web-error-429 = { $minutes ->
    [0] { $seconds ->
        [one] That was asked for too often from here. Nothing was lost and nothing was charged: try again in a second.
       *[other] That was asked for too often from here. Nothing was lost and nothing was charged: try again in { $seconds } seconds.
    }
   *[other] That was asked for too often from here. Nothing was lost and nothing was charged: try again in { $minutes } minutes.
}
web-error-500-title = Our mistake
web-error-500 = Something broke on our side. Nothing you had already sent is lost. Please try again in a moment.
web-error-503-title = Back in a moment
web-error-503 = A part of the service is resting. Nothing is lost; please try again in a moment.
