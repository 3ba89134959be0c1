/**
 * The only script that pages name. Everything works without it: each behaviour is an improvement of
 * something that is already on the page, and is fetched only where an element asks for it.
 */
import { bind } from "./bind.js";

bind(document);
